"""What can be done to a person and to what is known of them."""

from careline.customers.actions.attributes import define_attribute, drop_attribute, set_attributes
from careline.customers.actions.identities import add_identity, remove_identity
from careline.customers.actions.merging import merge, split
from careline.customers.actions.moments import WAYS, add_moment
from careline.customers.actions.notes import add_note, remove_note
from careline.customers.actions.people import Found, block, find_or_create, rename, unblock, update
from careline.customers.actions.records import erase, export
from careline.customers.actions.suggesting import dismiss, suggest

__all__ = [
    "WAYS",
    "Found",
    "add_identity",
    "add_moment",
    "add_note",
    "block",
    "define_attribute",
    "dismiss",
    "drop_attribute",
    "erase",
    "export",
    "find_or_create",
    "merge",
    "remove_identity",
    "remove_note",
    "rename",
    "set_attributes",
    "split",
    "suggest",
    "unblock",
    "update",
]
