"""What an answer may be broken down by: the channel of a moment, segments or companies of whose it is, a fact.

The copy holds none of this: names are looked up when it is asked, so what was erased or renamed meanwhile is not told.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.channels import queries as channels
from careline.customers import queries as customers
from careline.insights.warehouse import parting
from careline.insights.warehouse.engine import Connection
from careline.insights.warehouse.parting import Names, Parting
from careline.kit.refusals import Refused
from careline.touchpoints import queries as touchpoints

MOST_SEGMENTS = 10
# As many moments are looked up for what they say.
MOST_MOMENTS = 200_000
LONGEST = 200


def parting_by(actor: Actor, said: str | None) -> Parting | None:
    """`channel`, `segment:3,5`, `company:plan`, `fact:order` or `fact:properties.plan`."""
    if said is None:
        return None
    what, _colon, rest = said.partition(":")
    if "\0" in said or len(said) > LONGEST or (what == "channel") == bool(rest):
        raise _not_known()
    match what:
        case "channel":
            names = [(inbox.pk, inbox.kind) for inbox in channels.visible_to(actor)]
            return Parting("inbox", lambda conn: names)
        case "segment":
            chosen = _segments(rest)
            found = list(customers.names_by_segment(actor, chosen))
            return Parting("whose", lambda conn: found)
        case "company":
            actor.must("customers.view")
            return Parting("whose", lambda conn: customers.names_by_company(actor, rest))
        case "fact":
            actor.must("customers.view")
            return Parting("id", lambda conn: _facts(conn, rest.split(".")))
    raise _not_known()


def _segments(said: str) -> list[int]:
    ids = [int(one) if one.isdecimal() and len(one) < 19 else 0 for one in said.split(",")]
    if len(ids) > MOST_SEGMENTS:
        raise Refused(_("An answer is broken down by at most %(most)s segments.") % {"most": MOST_SEGMENTS}, field="by")
    return ids


def _facts(conn: Connection, path: list[str]) -> Names:
    if parting.count(conn) > MOST_MOMENTS:
        told = _("Facts are looked up for at most %(most)s moments; ask for less time.")
        raise Refused(told % {"most": MOST_MOMENTS}, field="by")
    return touchpoints.said(parting.anchors(conn), path)


def _not_known() -> Refused:
    return Refused(
        _("An answer is broken down by channel, segment:ID, company:TRAIT or fact:NAME."), field="by"
    )  # fmt: skip
