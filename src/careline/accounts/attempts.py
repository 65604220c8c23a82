"""Tries at a secret, counted in a quarter of an hour: five at one account from one address, thirty from an address.

At a code, for which the password has been right, also fifteen at the account from wherever: six digits bear no more,
and nobody without the password can shut its owner out by it.
"""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import ngettext

from careline.accounts import networks
from careline.accounts.models import SignInAttempt
from careline.kit import clock, signing
from careline.kit.refusals import TooMany

CODE = "code"
WINDOW = timedelta(minutes=15)
MOST_FOR_ACCOUNT = 5
MOST_FROM_ADDRESS = 30
MOST_AT_CODES = 15


def begin(purpose: str, account: str, address: str) -> None:
    """Count this try, or refuse it. Counting comes before looking, so that tries side by side are all seen."""
    now = clock.now()
    place = networks.neighborhood(address)
    limits = {_key(purpose, account, place): MOST_FOR_ACCOUNT, _key(purpose, place): MOST_FROM_ADDRESS}
    if purpose == CODE:
        limits[_key(purpose, account, "anywhere")] = MOST_AT_CODES
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
    place = networks.neighborhood(address)
    ours = [_key(purpose, account, place), _key(purpose, account, "anywhere")]
    SignInAttempt.objects.filter(key__in=ours).delete()
    latest = SignInAttempt.objects.filter(key=_key(purpose, place)).order_by("-pk").values("pk")[:1]
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
