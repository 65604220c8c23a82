"""A regular package, since a provider that the suite runs installs one of the same name."""
