"""From an address alone: whose mailbox it is and where its servers are."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from time import monotonic

from django.utils.translation import gettext as _

from careline.channels.email import providers
from careline.channels.email.providers import Provider, Way
from careline.channels.email.records import Asker, NoAnswer
from careline.channels.email.writing import domains
from careline.channels.guiding import Suggestion

# All of it: somebody waits for the page.
SECONDS = 4.0
_MOST_HOSTS = 3
# Whether this server answers there, encrypted, under its own name; raises OSError or ssl.SSLError otherwise.
Dial = Callable[[str, int, str, float], None]


def suggested(address: str, asker: Asker | None, dial: Dial | None) -> Suggestion:
    """Without somebody to ask, what is known by heart."""
    domain = domains.wire(address).rpartition("@")[2].lower()
    known = providers.of_domain(domain)
    if known is None and asker is not None and domain:
        known, guessed = _asked(domain, asker, dial)
        if known is None:
            return guessed
    return _unknown() if known is None else told(known)


def told(provider: Provider) -> Suggestion:
    named = {"name": provider.name}
    if provider.servers[0] is None:
        words = _("%(name)s lets nobody but its own programs into its mailboxes.") % named
        advice = _("Let %(name)s forward the mail to a mailbox elsewhere, and connect that one.") % named
        return Suggestion(name=provider.name, words=words, advice=advice)
    words = _("This mailbox is at %(name)s. Its servers are filled in.") % named
    return Suggestion(
        name=provider.name,
        words=words,
        advice=advice_of(provider),
        link=provider.page,
        settings=provider.settings,
        only_by_consent=provider.wants == "consent",
    )


def advice_of(provider: Provider) -> str:
    named = {"name": provider.name}
    if provider.wants == "consent":
        return _("%(name)s takes no passwords from programs: let Careline in at %(name)s itself, below.") % named
    if provider.wants == "app":
        return (
            _(
                "%(name)s wants a password made for this program alone, an app password. Make one there, and use it "
                "here instead of your own; two-step sign-in has to be switched on for that."
            )
            % named
        )
    if provider.switched_off:
        return _("IMAP is off at %(name)s until you switch it on in the settings of the mailbox there.") % named
    return ""


def _asked(domain: str, asker: Asker, dial: Dial | None) -> tuple[Provider | None, Suggestion]:
    """Who takes the domain's mail says whose it is; meanwhile the usual names are tried."""
    until = monotonic() + SECONDS
    pool = ThreadPoolExecutor(12, thread_name_prefix="suggesting")
    try:
        usual = [f"imap.{domain}", f"mail.{domain}", domain], [f"smtp.{domain}", f"mail.{domain}", domain]
        tried = {} if dial is None else _tried(pool, dial, *usual)
        hosts: list[str] = []
        asking = pool.submit(asker.mail_hosts, domain)
        with suppress(NoAnswer, TimeoutError):
            hosts = asking.result(max(0.1, until - monotonic()))
        known = providers.of_mail_hosts(hosts)
        if known is not None:
            return known, _unknown()
        if dial is not None:
            own = [host.lower() for host in hosts[:_MOST_HOSTS] if domains.ascii_domain(host)]
            tried |= _tried(pool, dial, own, own)
            wait(tried.values(), max(0.1, until - monotonic()))
        return None, _guessed(tried)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


_Tried = dict[tuple[str, Way], Future[None]]


def _tried(pool: ThreadPoolExecutor, dial: Dial, imap: Sequence[str], smtp: Sequence[str]) -> _Tried:
    """In the order in which they are wanted."""
    ways: list[tuple[str, Way]] = [
        *(("imap", (host, 993, "tls")) for host in imap),
        *(("imap", (host, 143, "starttls")) for host in imap),
        *(("smtp", (host, 465, "tls")) for host in smtp),
        *(("smtp", (host, 587, "starttls")) for host in smtp),
    ]
    return {(way, place): pool.submit(dial, *place, SECONDS * 0.75) for way, place in ways}


def _guessed(tried: _Tried) -> Suggestion:
    found = {way: _first(tried, way) for way in ("imap", "smtp")}
    if found["imap"] is None and found["smtp"] is None:
        return _unknown()
    made = Provider(name="", servers=(found["imap"], found["smtp"]))
    if found["imap"] is not None and found["smtp"] is not None:
        words = _("These servers answered for the domain of the address: %(imap)s and %(smtp)s.")
        told = words % {"imap": found["imap"][0], "smtp": found["smtp"][0]}
    else:
        place = found["imap"] or found["smtp"]
        assert place is not None
        told = _("Only %(host)s answered for the domain of the address; fill in the rest.") % {"host": place[0]}
    return Suggestion(words=told, settings=made.settings)


def _first(tried: _Tried, wanted: str) -> Way | None:
    return next((place for (way, place), tried_ in tried.items() if way == wanted and _went_well(tried_)), None)


def _went_well(tried: Future[None]) -> bool:
    return tried.done() and not tried.cancelled() and tried.exception() is None


def _unknown() -> Suggestion:
    return Suggestion(
        words=_("Whose mailbox this is could not be found out."),
        advice=_("Whoever runs it can tell the names of its servers, often in their help pages under “IMAP”."),
    )


def dialed(reached: Callable[..., socket.socket], trusted: ssl.SSLContext) -> Dial:
    """Over the wire: for TLS under its own name, else by its first words."""

    def dial(host: str, port: int, security: str, seconds: float) -> None:
        with reached(host, port, seconds) as line:
            line.settimeout(seconds)
            if security == "tls":
                with trusted.wrap_socket(line, server_hostname=host) as spoken:
                    _greeted(spoken)
            else:
                _greeted(line)

    return dial


def _greeted(line: socket.socket) -> None:
    if not line.recv(100).startswith((b"* ", b"220")):
        raise OSError("no mail server")
