"""What of people must go: erasure to the last byte on the disk, and what grows old by the organization's periods."""
