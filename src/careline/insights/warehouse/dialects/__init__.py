"""The SQL of every question, once per engine; the golden tests hold each against the same slow reference."""
