"""Who belongs to which segment: worked out from people, the line and service, and kept up to date as things happen."""
