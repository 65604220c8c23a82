"""What of each customer is worked out from their moments, and kept up to date as things happen."""
