"""What is asked of whoever resolves a conversation, and was not said yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from careline.customers import queries as customers
from careline.customers.models import AttributeDefinition
from careline.service.conversations import conditions

OF, FIELD = "conversation", "attributes"


def still_asked(conversation_id: int, values: Mapping[str, Any]) -> list[AttributeDefinition]:
    """Attributes whose conditions hold and that are not among `values`; the viewer was asked for before."""
    asked = customers.attributes(OF).filter(asked__isnull=False).order_by("label", "name")
    missing = [one for one in asked if one.name not in values]
    subject = conditions.subjects([conversation_id]).get(conversation_id) if missing else None
    return [one for one in missing if subject and conditions.met(conditions.read(one.asked), subject)]
