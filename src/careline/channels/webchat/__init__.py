"""The chat on a site: the visitor's page speaks over a socket and fetches its answers there."""
