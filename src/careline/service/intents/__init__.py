"""What customers want: intents with the phrasings they are known by, and who judges by them."""
