"""The settings area: the firm, its people, its inboxes, its programs, and oneself. Rooms to come add their pages."""
