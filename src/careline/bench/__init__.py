"""The measured promises."""
