"""Screens of bots: a flow as a picture and as text, tried out, rehearsed, published; where bots answer and how well."""
