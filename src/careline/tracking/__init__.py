"""What other programs tell of customers: sources with their write keys, rules for events, and whose each event is."""
