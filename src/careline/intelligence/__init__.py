"""Tools without business rules that make something of words; what they rest on is named with each."""
