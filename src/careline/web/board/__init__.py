"""The live board of a team lead: who waits, who is there and how it goes; drawn once for all who watch."""
