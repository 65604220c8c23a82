"""The live board: who waits, who is there and how it goes, as of now; one look for all who watch."""
