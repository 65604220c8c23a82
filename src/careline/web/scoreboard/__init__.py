"""The scoreboard: service beside experience, each figure with how sure it is, and what is behind it."""
