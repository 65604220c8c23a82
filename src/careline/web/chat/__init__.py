"""The customer's side of web chat: the page, the widget, and what they may see."""
