"""What customers write about: found in the background, named by whoever reads it."""
