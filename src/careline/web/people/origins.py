"""Who said what is known of a customer or a company, in words."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from careline.accounts import queries as accounts
from careline.accounts.actor import Actor
from careline.tracking import queries as tracking


def words(actor: Actor, sources: Iterable[str]) -> dict[str, str]:
    """Each source as it is kept ("agent:3", "source:2") with its words; three questions however many there are."""
    wanted = set(sources)
    parts = {one: one.split(":", 1) for one in wanted}
    numbers = {
        kind: {int(rest[0]) for first, *rest in parts.values() if first == kind and rest and rest[0].isdecimal()}
        for kind in ("agent", "source", "import")
    }
    agents = dict(accounts.agents(actor).filter(pk__in=numbers["agent"]).values_list("pk", "name"))
    programs = tracking.source_names(actor, numbers["source"])
    files = tracking.import_names(actor, numbers["import"])
    found = {}
    for one, (kind, *rest) in parts.items():
        number = int(rest[0]) if rest and rest[0].isdecimal() else 0
        found[one] = {
            "agent": agents.get(number, _("Somebody of the house")),
            "source": programs.get(number, _("An event source")),
            "token": _("A program"),
            "import": files.get(number, _("A file")),
            "customer": _("The customer"),
            "system": _("Careline"),
        }.get(kind, _("Not known"))
    return found
