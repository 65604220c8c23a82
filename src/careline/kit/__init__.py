"""What every room stands on: clock, ids, text, signing, bus; no models, nothing of careline imported."""
