"""Every JSON door."""
