"""The page a survey is answered on, and the screens of those who write and read them."""
