"""People, the names they go by, what is known of them, and the companies they belong to."""

from careline.customers.models.companies import Company, CompanyMember, CompanyTrait
from careline.customers.models.computed import ComputedTrait, ComputedTraitQuerySet, ComputedValue
from careline.customers.models.people import (
    AttributeDefinition,
    Identity,
    Merge,
    Note,
    Person,
    PersonQuerySet,
    Suggestion,
    SuggestionQuerySet,
    Trait,
    of,
)
from careline.customers.models.saying import Consent, Origin, Purpose
from careline.customers.models.segments import (
    Segment,
    SegmentMember,
)

__all__ = [
    "AttributeDefinition",
    "Company",
    "CompanyMember",
    "CompanyTrait",
    "ComputedTrait",
    "ComputedTraitQuerySet",
    "ComputedValue",
    "Consent",
    "Identity",
    "Merge",
    "Note",
    "Origin",
    "Person",
    "PersonQuerySet",
    "Purpose",
    "Segment",
    "SegmentMember",
    "Suggestion",
    "SuggestionQuerySet",
    "Trait",
    "of",
]
