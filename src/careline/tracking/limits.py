"""How much one request may bring, as the clients of this format know it."""

EVENT = 32 * 1024
BATCH = 500 * 1024
EVENTS = 2500
MESSAGE_ID = 100
# Of an event's name and of ids of groups.
NAME = 200
# Of a person's id elsewhere; customers.identities has the same.
ID = 300
# Of addresses and titles of pages: what is longer is cut.
WORDS = 2000
TRAIT = 100
