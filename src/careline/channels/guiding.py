"""What a channel can do for somebody who sets an inbox up: suggest, try, look into the DNS, be let in by a provider."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Literal, Protocol

import msgspec
from django.utils.translation import gettext as _

from careline.channels.endpoint import Endpoint
from careline.kit.refusals import NotVisible


class Field(msgspec.Struct, frozen=True):
    """One line of the settings screen, which is generated from these."""

    name: str
    label: str
    # A password is kept sealed and never shown; left empty it stays as it is.
    kind: Literal["text", "paragraph", "url", "lines", "flag", "choice", "number", "password"] = "text"
    hint: str = ""
    default: Any = ""
    required: bool = False
    limit: int = 500
    choices: tuple[tuple[str, str], ...] = ()
    # Of a number.
    least: int = 0
    most: int = 1_000_000
    # Where it stands on the screen: one of the channel's groups.
    group: str = ""
    # Nothing works without it: it stands at the top of the screen for connecting.
    first: bool = False


class Check(msgspec.Struct, frozen=True):
    """One step of a trial. A step is told twice: when it begins, and when it is known what came of it."""

    name: str
    label: str
    # late: nothing is wrong yet, and it is not seen to be right either. skipped: an earlier step stands in its way.
    state: Literal["running", "good", "wrong", "late", "skipped"]
    words: str = ""
    # What to do about it.
    advice: str = ""
    # Where to do it.
    link: str = ""


class Suggestion(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the other side from as little as an address."""

    # Who runs it; empty when nobody known does.
    name: str = ""
    words: str = ""
    advice: str = ""
    link: str = ""
    settings: dict[str, Any] = {}
    # Passwords are not taken there: only the provider's own door leads in.
    only_by_consent: bool = False


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One record of the DNS: what it says, and what to publish."""

    record: Literal["spf", "dkim", "dmarc"]
    state: Literal["good", "weak", "wrong", "missing", "unknown"]
    words: str
    # Name and value of a TXT record to publish; empty when nothing is to be done.
    name: str = ""
    publish: str = ""
    # What stands there now.
    found: str = ""


class Guiding(Protocol):
    """A channel that needs none of it leaves it as it is."""

    def groups(self) -> tuple[tuple[str, str], ...]:
        """The fields' groups with their titles, in the order they are shown."""
        return ()

    def suggested(self, settings: Mapping[str, Any], *, look: bool = True) -> Suggestion | None:
        """Without `look` only what is known by heart; with it the net is asked, for a few seconds at most."""
        return None

    def checks(self, inbox: Endpoint) -> Iterator[Check]:
        """Try everything, one step after another; takes a minute or more."""
        return iter(())

    def findings(self, inbox: Endpoint) -> list[Finding]:
        """What the DNS says; takes seconds, and a minute where nobody answers."""
        return []

    def new_key(self, inbox: Endpoint, at: datetime) -> Mapping[str, str]:
        """The settings and passwords of a key that signs what leaves."""
        raise NotVisible(_("This channel signs nothing."))

    def consent(self, inbox: Endpoint, *, redirect: str, state: str, verifier: str) -> str:
        """Where the browser goes so that the provider lets this program in; raises Refused."""
        raise NotVisible(_("Nobody has to be asked for this channel."))

    def consented(self, inbox: Endpoint, *, code: str, redirect: str, verifier: str) -> Mapping[str, str]:
        """The passwords that come of what the browser brought back; raises DeliveryFailed."""
        raise NotVisible(_("Nobody has to be asked for this channel."))
