"""The copy itself: immutable files, made whole, switched at once, and never changed afterwards."""
