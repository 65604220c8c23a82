"""What happens by itself: when something happens or some time has passed, and if it is so, then this is done."""
