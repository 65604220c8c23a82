"""May we contact this person now? Every word to a customer passes here."""
