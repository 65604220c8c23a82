"""What the house knows: articles in collections, by audience and language, as people and machines find them."""
