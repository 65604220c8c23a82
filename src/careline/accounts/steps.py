"""Steps on the way in: each has a key that only the browser holds, lasts ten minutes and is taken once."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from careline.accounts.letters import secret
from careline.accounts.models import Agent, SignInStep
from careline.kit import clock, signing
from careline.kit.refusals import Refused

LASTS = timedelta(minutes=10)
MOST_TRIES = 5


class StepOver(Refused):
    """Too late, taken already, or tried too often: one begins anew."""

    code = "step_over"


def begin(kind: str, *, agent: Agent | None = None, **facts: Any) -> str:
    """The key; it is never seen again."""
    key = secret()
    SignInStep.objects.create(
        digest=signing.digest(key), agent=agent, kind=kind, facts=facts, expires_at=clock.now() + LASTS
    )
    return key


def look(key: str, kind: str) -> SignInStep:
    """The step as it is, to draw a page from."""
    found = _open(key, kind).select_related("agent__role").first()
    if found is None:
        raise over()
    return found


def tried(key: str, kind: str) -> SignInStep:
    """Count one try at it. Counting comes before looking, and stays whatever comes of it."""
    with transaction.atomic(durable=True):
        found = _open(key, kind).select_for_update(of=("self",)).select_related("agent__role").first()
        if found is None or found.tries >= MOST_TRIES:
            raise over()
        found.tries += 1
        found.save(update_fields=["tries"])
    return found


def take(key: str, kind: str) -> SignInStep:
    """Once: of two at the same moment the second finds it taken. Belongs inside the transaction of what it allows."""
    found = _open(key, kind).select_for_update(of=("self",)).select_related("agent__role").first()
    if found is None:
        raise over()
    SignInStep.objects.filter(pk=found.pk).delete()
    return found


def purge() -> int:
    return SignInStep.objects.filter(expires_at__lte=clock.now()).delete()[0]


def _open(key: str, kind: str) -> QuerySet[SignInStep]:
    return SignInStep.objects.filter(digest=signing.digest(key), kind=kind, expires_at__gt=clock.now())


def over() -> StepOver:
    return StepOver(_("This took too long or was tried too often. Sign in again."))
