"""The house sets up where a bot answers, and by what."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from careline.accounts import audit
from careline.accounts.actor import Actor
from careline.channels import beginning
from careline.channels import queries as channels
from careline.kit import clock, signing, text
from careline.kit.refusals import NotVisible, Refused
from careline.service.bots.models import Answering, Bot, Secret
from careline.service.bots.models.answering import NAME

_LONGEST = 60
_WEB = re.compile(r"https?://[^\s{}@]+")
_NAMED = re.compile(r"[a-z][a-z0-9_]{0,39}")
SECRET, OUTSIDE = b"bots.secret", b"bots.outside"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What Answering is to be. `secret` None: it stays as it is."""

    is_on: bool
    flows: Sequence[int] = ()
    articles: bool = True
    name: str = NAME
    url: str = ""
    secret: str | None = None


def answerings(actor: Actor) -> dict[int, Answering]:
    """By inbox, of those one may see; an inbox that has none was never set up."""
    actor.must("bots.manage")
    seen = channels.visible_to(actor).values("pk")
    return {one.inbox_id: one for one in Answering.objects.filter(inbox__in=seen).prefetch_related("flows")}


@transaction.atomic
def answer(inbox_id: int, settings: Settings, *, actor: Actor) -> Answering:
    """Switch a bot on or off in an inbox. Refused where it is on and has nothing to answer by."""
    actor.must("bots.manage")
    channels.by_id(actor, inbox_id)
    found = Answering.objects.select_for_update().filter(inbox_id=inbox_id).first() or Answering(inbox_id=inbox_id)
    flows = list(Bot.objects.filter(pk__in=settings.flows))
    if len(flows) != len(set(settings.flows)):
        raise NotVisible(_("There is no such bot."))
    found.url = settings.url.strip()
    if found.url and (not _WEB.fullmatch(found.url) or len(found.url) > 500):
        raise Refused(_("Give an address that begins with https://."), field="url")
    if settings.secret is not None:
        if settings.secret and not _is_secret(settings.secret):
            raise Refused(_("A secret is whsec_ followed by base64."), field="secret")
        found.secret = signing.seal(settings.secret.encode(), OUTSIDE) if settings.secret else None
    if found.url and found.secret is None:
        raise Refused(
            _("What is sent to another program is signed: give the secret you share with it."), field="secret"
        )
    if settings.is_on and not (flows or settings.articles or found.url):
        raise Refused(_("It has nothing to answer by: choose a flow, or let it answer from articles."), field="flows")
    found.is_on, found.articles, found.changed_at = settings.is_on, settings.articles, clock.now()
    found.name = text.clean(settings.name, field="name", limit=_LONGEST, required=True)
    found.save()
    found.flows.set(flows)
    beginning.let_bot(inbox_id, is_on=found.is_on)
    audit.record("answering.kept", f"inbox:{inbox_id}", actor=actor, on=found.is_on)
    return found


def _is_secret(value: str) -> bool:
    try:
        signing.standard_webhooks_sign(value, "turn", 0, b"")
    except ValueError:
        return False
    return value.startswith("whsec_")


def secrets(actor: Actor) -> list[Secret]:
    actor.must("bots.manage")
    return list(Secret.objects.order_by("name"))


@transaction.atomic
def keep_secret(name: str, value: str, host: str, *, actor: Actor) -> Secret:
    """Under a name flows use; it goes to that host alone, and is shown to nobody again."""
    actor.must("bots.manage")
    if not _NAMED.fullmatch(name):
        raise Refused(_("A name is small letters, digits and underscores, and begins with a letter."), field="name")
    value = text.clean(value, field="value", limit=2_000, required=True)
    host = host.strip().casefold()
    try:
        fits = urlsplit(f"https://{host}").netloc == host and bool(host) and "@" not in host
    except ValueError:
        fits = False
    if not fits:
        raise Refused(_("Give the host it is for, such as api.example.com."), field="host")
    sealed = signing.seal(value.encode(), SECRET)
    kept, _new = Secret.objects.update_or_create(
        name=name, defaults={"sealed": sealed, "host": host, "changed_at": clock.now()}
    )
    audit.record("bot-secret.kept", f"bot-secret:{kept.pk}", actor=actor)
    return kept


@transaction.atomic
def drop_secret(name: str, *, actor: Actor) -> None:
    actor.must("bots.manage")
    if not Secret.objects.filter(name=name).delete()[0]:
        raise NotVisible(_("There is no such secret."))
    audit.record("bot-secret.dropped", "bot-secrets", actor=actor)
