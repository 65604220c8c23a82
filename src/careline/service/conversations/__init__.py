"""Conversations: what a customer asks, what we answer, who has it."""
