"""What can be done to a person and to what is known of them."""

from careline.customers.actions.attributes import checked as checked_attributes
from careline.customers.actions.attributes import define_attribute, drop_attribute, set_attributes
from careline.customers.actions.companies import (
    CompanyFound,
    describe_company,
    join_company,
    join_company_named,
    leave_company,
    make_company,
    place_company,
    place_company_named,
    remove_company,
)
from careline.customers.actions.computed import figures_look_into, keep_computed, must_define, remove_computed
from careline.customers.actions.consent import ANY, say_consent, say_own_consent
from careline.customers.actions.identities import add_identity, remove_identity
from careline.customers.actions.merging import merge, split
from careline.customers.actions.moments import WAYS, add_moment
from careline.customers.actions.notes import add_note, remove_note
from careline.customers.actions.people import Found, block, find_or_create, rename, unblock, update
from careline.customers.actions.purposes import define_purpose, drop_purpose
from careline.customers.actions.records import erase, export
from careline.customers.actions.segments import (
    keep_segment,
    looks_into,
    remove_segment,
)
from careline.customers.actions.suggesting import dismiss, suggest, suggest_claimed

__all__ = [
    "ANY",
    "WAYS",
    "CompanyFound",
    "Found",
    "add_identity",
    "add_moment",
    "add_note",
    "block",
    "checked_attributes",
    "define_attribute",
    "define_purpose",
    "describe_company",
    "dismiss",
    "drop_attribute",
    "drop_purpose",
    "erase",
    "export",
    "figures_look_into",
    "find_or_create",
    "join_company",
    "join_company_named",
    "keep_computed",
    "keep_segment",
    "leave_company",
    "looks_into",
    "make_company",
    "merge",
    "must_define",
    "place_company",
    "place_company_named",
    "remove_company",
    "remove_computed",
    "remove_identity",
    "remove_note",
    "remove_segment",
    "rename",
    "say_consent",
    "say_own_consent",
    "set_attributes",
    "split",
    "suggest",
    "suggest_claimed",
    "unblock",
    "update",
]
