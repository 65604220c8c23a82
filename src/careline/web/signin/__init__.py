"""The ways into the house: signing in and out, a forgotten password, an invitation."""
