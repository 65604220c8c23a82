"""What answers by itself: flows that say, ask, look up and hand over, one engine for every channel."""
