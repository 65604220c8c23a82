"""What the house knows: articles in collections, by audience and language, as readers, agents and machines find them."""
