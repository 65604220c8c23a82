"""What colleagues are told by mail of conversations they follow."""
