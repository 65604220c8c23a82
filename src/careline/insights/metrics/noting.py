"""What people note beside figures: what happened to the house, and how they look at the scoreboard."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from careline.accounts import audit
from careline.accounts.actor import Actor
from careline.accounts.reach import oneself
from careline.insights.models import Annotation, View
from careline.kit import text
from careline.kit.refusals import Conflicting, NotAllowed, NotVisible, Refused

# What doors draw, without knowing the models.
Note = Annotation
Kept = View
KINDS = tuple(Annotation.Kind.values)
# What the address of a scoreboard may say.
KEPT = ("view", "days", "from", "to", "channel", "inbox", "team", "agent", "segment")
MOST_VIEWS = 50
LONGEST = 200


def noted(actor: Actor, since: datetime | None = None, before: datetime | None = None) -> list[Annotation]:
    """What fell into a time, the oldest first; seen by whoever sees figures."""
    actor.must("conversations.view")
    found = Annotation.objects.order_by("at", "pk")
    if since is not None:
        found = found.filter(at__gte=since)
    if before is not None:
        found = found.filter(at__lt=before)
    return list(found[:500])


@transaction.atomic
def annotate(
    *, actor: Actor, at: datetime, words: str, kind: str = "other", until: datetime | None = None
) -> Annotation:
    actor.must("reports.view")
    if kind not in KINDS:
        raise Refused(_("Choose one of: %(offered)s.") % {"offered": ", ".join(KINDS)}, field="kind")
    if until is not None and until < at:
        raise Refused(_("It cannot end before it began."), field="until")
    kept = Annotation.objects.create(
        at=at, until=until, kind=kind, words=text.clean(words, field="words", limit=LONGEST, required=True),
        agent_id=actor.agent_id,
    )  # fmt: skip
    audit.record("annotation.made", f"annotation:{kept.pk}", actor=actor)
    return kept


@transaction.atomic
def remove_annotation(annotation_id: int, *, actor: Actor) -> Annotation:
    actor.must("reports.view")
    found = Annotation.objects.select_for_update().filter(pk=annotation_id).first()
    if found is None:
        raise NotVisible(_("There is no such annotation."))
    audit.record("annotation.removed", f"annotation:{found.pk}", actor=actor)
    Annotation.objects.filter(pk=found.pk).delete()
    return found


def views(actor: Actor) -> list[View]:
    """One's own and those that are everybody's, by name."""
    return list(View.objects.visible_to(actor).order_by("name", "pk")) if actor.agent_id is not None else []


@transaction.atomic
def keep_view(name: str, chosen: Mapping[str, str], *, actor: Actor, shared: bool = False) -> View:
    owner = oneself(actor)
    if shared:
        actor.must("reports.view")
    strange = sorted(set(chosen) - set(KEPT))
    if strange or any("\0" in value or len(value) > LONGEST for value in chosen.values()):
        raise Refused(_("A view keeps: %(names)s.") % {"names": ", ".join(KEPT)}, field="chosen")
    if View.objects.filter(agent_id=owner).count() >= MOST_VIEWS:
        raise Refused(_("At most %(most)s views can be kept.") % {"most": MOST_VIEWS}, field="name")
    try:
        with transaction.atomic():
            kept = View.objects.create(
                name=text.clean(name, field="name", limit=80, required=True), agent_id=owner, shared=shared,
                chosen={key: value for key, value in chosen.items() if value},
            )  # fmt: skip
    except IntegrityError:
        raise Conflicting(_("You have a view of that name already.")) from None
    audit.record("view.kept", f"view:{kept.pk}", actor=actor)
    return kept


@transaction.atomic
def remove_view(view_id: int, *, actor: Actor) -> View:
    """One's own; what is everybody's goes by whoever made it."""
    found = View.objects.visible_to(actor).select_for_update().filter(pk=view_id).first()
    if found is None:
        raise NotVisible(_("There is no such view."))
    if found.agent_id != actor.agent_id:
        raise NotAllowed(_("Whoever made a view takes it away."))
    audit.record("view.removed", f"view:{found.pk}", actor=actor)
    View.objects.filter(pk=found.pk).delete()
    return found
