"""The first run: the owner, the firm and the first way in."""
