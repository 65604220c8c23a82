"""The measured verbs and reads: one SQL text each, run by the synchronous action and the raw ASGI door alike.

Who may is a parameter of every statement: `inboxes` are the inboxes the actor sees, and a conversation in another one
is not there.
"""
