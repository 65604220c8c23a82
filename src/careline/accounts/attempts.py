"""Tries at a secret, counted: in a quarter of an hour five at one account from one address, thirty from an address."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import ngettext

from careline.accounts.models import SignInAttempt
from careline.kit import clock, signing
from careline.kit.refusals import TooMany

WINDOW = timedelta(minutes=15)
MOST_FOR_ACCOUNT = 5
MOST_FROM_ADDRESS = 30


def begin(purpose: str, account: str, address: str) -> None:
    """Count this try, or refuse it. Counting comes before looking, so that tries side by side are all seen."""
    now = clock.now()
    limits = {_key(purpose, account, address): MOST_FOR_ACCOUNT, _key(purpose, address): MOST_FROM_ADDRESS}
    # Durable: a refusal further on must not take the count back with it.
    with transaction.atomic(durable=True):
        mine = [row.pk for row in SignInAttempt.objects.bulk_create(SignInAttempt(key=key, at=now) for key in limits)]
    for key, most in limits.items():
        recent = SignInAttempt.objects.filter(key=key, at__gt=now - WINDOW).order_by("at", "pk")
        if recent.count() > most:
            first = recent[0].at
            # A refused try does not count: who waits as told gets in.
            SignInAttempt.objects.filter(pk__in=mine).delete()
            raise _too_many(first + WINDOW - now)


def forgive(purpose: str, account: str, address: str) -> None:
    """The secret was right: earlier slips of this account from this address no longer count."""
    SignInAttempt.objects.filter(key=_key(purpose, account, address)).delete()
    latest = SignInAttempt.objects.filter(key=_key(purpose, address)).order_by("-pk").values("pk")[:1]
    SignInAttempt.objects.filter(pk__in=latest).delete()


def purge() -> int:
    return SignInAttempt.objects.filter(at__lte=clock.now() - WINDOW).delete()[0]


def _key(*parts: str) -> str:
    return signing.digest("\0".join(parts))


def _too_many(wait: timedelta) -> TooMany:
    seconds = max(1, round(wait.total_seconds()))
    minutes = -(-seconds // 60)
    return TooMany(
        ngettext(
            "Too many tries. Try again in %(minutes)s minute.",
            "Too many tries. Try again in %(minutes)s minutes.",
            minutes,
        )
        % {"minutes": minutes},
        retry_after=seconds,
    )
