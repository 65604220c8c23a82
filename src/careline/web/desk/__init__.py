"""The desk: list, thread, composer and the customer's line on one screen."""
