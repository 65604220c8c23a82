"""Once a minute limits are held against what each recipient sees; each is told once, until it has recovered."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import translation

from careline.accounts import queries as accounts
from careline.accounts.actor import Actor
from careline.channels import access
from careline.insights.live import figures, limits, looks, queries, words
from careline.insights.live.limits import Beyond
from careline.insights.models import Alert, Raised
from careline.kit import clock, mail

# Kept again for so long it has recovered; what goes to and fro in between is one alert.
CALM = timedelta(minutes=5)
_log = logging.getLogger(__name__)


def tell(*, at: datetime | None = None) -> int:
    """How many mails left; what could not leave is tried again the next minute, while the limit is passed."""
    at = at or clock.now()
    recipients = {one for row in Alert.objects.filter(is_on=True).values_list("recipients", flat=True) for one in row}
    Raised.objects.filter(alert__is_on=False).delete()
    if not recipients:
        return 0
    seen = looks.look(at)
    if seen is None:
        return 0
    return sum(_tell(agent_id, seen, at) for agent_id in sorted(recipients))


@transaction.atomic
def _tell(agent_id: int, seen: looks.Seen, at: datetime) -> bool:
    """Whoever left, or sees no board any more, hears nothing."""
    actor = access.actor_of_agent(agent_id)
    mine = set(Alert.objects.filter(is_on=True, recipients__contains=[agent_id]).values_list("pk", flat=True))
    if actor is None or not actor.may("board.view"):
        Raised.objects.filter(agent_id=agent_id).delete()
        return False
    found = figures.board(seen, queries.seen_by(actor))
    passed = {one.limit.id: one for one in limits.beyond(found) if one.limit.id in mine}
    Raised.objects.bulk_create([Raised(alert_id=pk, agent_id=agent_id, at=at) for pk in passed], ignore_conflicts=True)
    rows = list(Raised.objects.select_for_update().filter(agent_id=agent_id).order_by("pk"))
    fresh = []
    for row in rows:
        if row.alert_id in passed:
            row.calm_since = None
            fresh += [row] if row.told_at is None else []
        elif row.told_at is None or (row.calm_since and row.calm_since <= at - CALM):
            row.delete()
            continue
        else:
            row.calm_since = row.calm_since or at
        row.save(update_fields=["calm_since"])
    return bool(fresh) and _mailed(actor, agent_id, fresh, tuple(passed[one.alert_id] for one in fresh), at)


def _mailed(actor: Actor, agent_id: int, fresh: list[Raised], passed: tuple[Beyond, ...], at: datetime) -> bool:
    with translation.override(actor.language):
        subject, text = words.mail(passed, accounts.organization().name, f"{settings.CARELINE_BASE_URL}/board")
    try:
        mail.send(accounts.agent(actor, agent_id).email, subject, text)
    except mail.NotSent as why:
        _log.warning("Agent %s could not be told of an alert: %s", agent_id, why)
        return False
    Raised.objects.filter(pk__in=[one.pk for one in fresh]).update(told_at=at)
    return True
