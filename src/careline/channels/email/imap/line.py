"""One connection to a mailbox: opened and signed in, asked about one folder, left alone until something stirs."""

from __future__ import annotations

import imaplib
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from django.conf import settings
from imapclient.exceptions import LoginError

from careline.channels.adapter import DeliveryFailed
from careline.channels.email.dialing import Unencrypted, context
from careline.channels.email.imap import failures, told
from careline.channels.email.imap.guarded import Bounds, Client, Watch
from careline.channels.email.imap.mailbox import Mailbox
from careline.channels.email.imap.told import Folder, Head, Listed, Named
from careline.channels.satchel import FetchFailed
from careline.kit.sentences import Words
from careline.kit.sentences import lasting as _

# Routers forget a connection that is silent for five minutes, servers one that idles for thirty.
IDLE_SECONDS = 240.0
POLL_SECONDS = 60.0
NAP = 2.0
LEAVING_SECONDS = 2.0


class Refused(FetchFailed):
    """The server understood, and answered no. `passing`: it has too much to do, and may say yes later."""

    def __init__(self, error: Exception, host: str) -> None:
        super().__init__(failures.refused(error, host).said)
        self.error = error
        self.passing = failures.is_busy(error)


class Line:
    def __init__(self, mailbox: Mailbox, client: Client, bounds: Bounds, stop: threading.Event) -> None:
        self.mailbox = mailbox
        self._client, self._bounds, self._stop = client, bounds, stop
        self._watch = Watch(client, bounds, stop)

    @property
    def can_idle(self) -> bool:
        with self._speaking():
            return bool(self._client.has_capability("IDLE"))

    def folders(self) -> list[str]:
        with self._speaking():
            listed = self._client.list_folders()
            return [str(name) for flags, _delimiter, name in listed if b"\\Noselect" not in flags]

    def named(self) -> list[Named]:
        with self._speaking():
            return [
                Named(str(name), delimiter.decode() if delimiter else "", told.flags(flags))
                for flags, delimiter, name in self._client.list_folders()
            ]

    def capabilities(self) -> frozenset[str]:
        with self._speaking():
            return frozenset(one.decode("ascii", "replace").upper() for one in self._client.capabilities())

    def open(self, folder: str) -> Folder:
        """As it is now, and without leaving a trace in it; raises FetchFailed."""
        try:
            with self._speaking():
                said = self._client.select_folder(folder, readonly=True)
                return Folder(int(said.get(b"UIDVALIDITY", 0)), int(said[b"EXISTS"]), int(said.get(b"UIDNEXT", 0)))
        except Refused as error:
            if error.passing:
                raise
            there: list[str] = []
            with suppress(FetchFailed):
                there = self.folders()
            raise failures.no_folder(folder, there, error.error) from error

    def listed(self, low: int, high: int) -> dict[int, Listed]:
        """The mails of these numbers, both included."""
        with self._speaking():
            numbers = list(range(low, high + 1))
            try:
                found = self._client.fetch(numbers, ["RFC822.SIZE", "INTERNALDATE"])
            except ValueError:  # a date that is none
                found = self._client.fetch(numbers, ["RFC822.SIZE"])
            return {
                uid: Listed(int(one[b"RFC822.SIZE"]), one.get(b"INTERNALDATE"))
                for uid, one in sorted(found.items())
                if low <= uid <= high and b"RFC822.SIZE" in one
            }

    def heads(self, first: int, last: int) -> list[Head]:
        """By their places in the folder, both included, so that numbers far apart cost nothing."""
        wanted = ["UID", "RFC822.SIZE", "FLAGS", "BODY.PEEK[HEADER.FIELDS (DATE)]"]
        with self._speaking():
            places = list(range(first, last + 1))
            self._client.use_uid = False
            try:
                found = self._client.fetch(places, [*wanted, "INTERNALDATE"])
            except ValueError:  # a date that is none
                found = self._client.fetch(places, wanted)
            finally:
                self._client.use_uid = True
            return [
                told.head(found[place]) for place in sorted(found) if {b"UID", b"RFC822.SIZE"} <= found[place].keys()
            ]

    def number_at(self, place: int) -> int:
        """The number of the mail at a place in the folder, 1 being the oldest; 0 when there is none."""
        with self._speaking():
            self._client.use_uid = False
            try:
                found = self._client.fetch([place], ["UID"])
            finally:
                self._client.use_uid = True
            return max((int(one.get(b"UID", 0)) for one in found.values()), default=0)

    def beyond(self, uid: int, exists: int) -> int:
        """The place of the first mail with a higher number, or one behind the last: by halving, for they grow alike."""
        low, high = 1, exists + 1
        while low < high:
            middle = (low + high) // 2
            if self.number_at(middle) > uid:
                high = middle
            else:
                low = middle + 1
        return high

    def mails(self, uids: Sequence[int], size: int) -> dict[int, bytes]:
        """Whole; what is gone by now is missing. `size` is what they have in all. Raises Refused."""
        return self._parts(uids, "BODY", size)

    def head(self, uid: int) -> bytes:
        return self._parts([uid], "HEADER", 0).get(uid, b"")

    def rest(self) -> None:
        """Returns when something may have come."""
        if not self.can_idle:
            self._stop.wait(POLL_SECONDS)
            return
        try:
            with self._speaking():
                self._client.idle()
            self._idle()
            with self._speaking():
                self._client.idle_done()
        except Refused:  # offered, and not meant
            self._stop.wait(POLL_SECONDS)

    def close(self) -> None:
        self._bounds.end_in(LEAVING_SECONDS)
        with suppress(Exception):
            self._client.socket().settimeout(LEAVING_SECONDS)
            self._client.logout()
        self._watch.end()
        with suppress(Exception):
            self._client.shutdown()

    def _idle(self) -> None:
        self._bounds.rest()
        until = time.monotonic() + IDLE_SECONDS
        while not self._stop.is_set() and (left := until - time.monotonic()) > 0:
            began = time.monotonic()
            try:
                heard = self._client.idle_check(timeout=min(NAP, left))
            except Exception as error:  # noqa: BLE001, RUF100
                raise failures.Drop from error
            if any(one[0] == b"BYE" for one in heard):
                raise failures.Drop
            if any(len(one) > 1 and one[1] == b"EXISTS" for one in heard):
                return
            # A connection that ended is always ready to say nothing.
            if not heard and time.monotonic() - began < min(NAP, left) / 2:
                raise failures.Drop

    def _parts(self, uids: Sequence[int], what: str, size: int) -> dict[int, bytes]:
        section, key = ("BODY.PEEK[]", b"BODY[]") if what == "BODY" else ("BODY.PEEK[HEADER]", b"BODY[HEADER]")
        with self._speaking(size):
            found = self._client.fetch(list(uids), [section])
            wanted = set(uids)
            return {
                uid: bytes(one[key]) for uid, one in found.items() if uid in wanted and isinstance(one.get(key), bytes)
            }

    @contextmanager
    def _speaking(self, size: int = 0) -> Iterator[None]:
        """Whatever a server answers becomes a sentence, and never holds us up without end."""
        self._bounds.begin(size)
        try:
            yield
        except FetchFailed:
            raise
        except imaplib.IMAP4.abort as error:
            raise failures.talking(error, self.mailbox.host, self.mailbox.port) from error
        except imaplib.IMAP4.error as error:
            if " failed: " not in str(error) and "command error" not in str(error):
                raise failures.talking(error, self.mailbox.host, self.mailbox.port) from error
            raise Refused(error, self.mailbox.host) from error
        except Exception as error:
            raise failures.talking(error, self.mailbox.host, self.mailbox.port) from error
        finally:
            self._bounds.rest()


def opened(mailbox: Mailbox, stop: threading.Event | None = None) -> Line:
    """Connected, encrypted and signed in; raises FetchFailed."""
    if mailbox.security == "none" and not settings.CARELINE_ALLOW_PRIVATE_HTTP:
        raise _unencrypted(_("A password never travels without encryption: choose TLS or STARTTLS."))
    bounds = Bounds()
    client: Client | None = None
    line: Line | None = None
    try:
        bounds.begin()
        client = Client(mailbox, bounds)
        line = Line(mailbox, client, bounds, stop or threading.Event())
        if mailbox.security == "starttls":
            if not client.has_capability("STARTTLS"):
                raise _unencrypted(_("%(host)s offers no encryption (STARTTLS).") % {"host": mailbox.host})
            client.starttls(context(mailbox.authority))
        _sign_in(client, mailbox)
        bounds.rest()
    except DeliveryFailed as refusal:
        raise FetchFailed(refusal.said, lasting=True) from refusal
    except BaseException as error:
        if line is not None:
            line.close()
        if isinstance(error, FetchFailed) or not isinstance(error, Exception):
            raise
        raise failures.connecting(error, mailbox.host, mailbox.port) from error
    return line


def _unencrypted(reason: Words) -> FetchFailed:
    failed = FetchFailed(reason, lasting=True)
    failed.__cause__ = Unencrypted(reason)
    return failed


def _sign_in(client: Client, mailbox: Mailbox) -> None:
    if mailbox.token is not None:
        _by_token(client, mailbox)
        return
    if any(not one.isprintable() for one in mailbox.user + mailbox.password):
        raise FetchFailed(_("The name or password of this mailbox has a character that cannot be."), lasting=True)
    try:
        # PLAIN carries letters of every language.
        if client.has_capability("AUTH=PLAIN"):
            client.plain_login(mailbox.user, mailbox.password)
        elif client.has_capability("LOGINDISABLED"):
            sentence = _("%(host)s offers no way of signing in by a password.")
            raise FetchFailed(sentence % {"host": mailbox.host}, lasting=True)
        else:
            # Python's library quotes the password alone.
            user = mailbox.user.replace("\\", "\\\\").replace('"', '\\"')
            client.login(f'"{user}"', mailbox.password)
    except LoginError as error:
        raise _not_signed_in(client, mailbox, error) from error


def _not_signed_in(client: Client, mailbox: Mailbox, error: Exception) -> FetchFailed:
    if client.is_leaving:
        return failures.talking(ConnectionError(str(error)), mailbox.host, mailbox.port)
    return failures.signing_in(error, mailbox.host, by_token=mailbox.token is not None)


def _by_token(client: Client, mailbox: Mailbox) -> None:
    """A token may have been taken back before its time: then it is tried once with a new one."""
    assert mailbox.token is not None
    for fresh in (False, True):
        token = mailbox.token(fresh)
        try:
            client.sasl_login("XOAUTH2", _Bearer(mailbox.user, token))
        except LoginError as error:
            if fresh:
                raise _not_signed_in(client, mailbox, error) from error
        else:
            return


class _Bearer:
    """A refusal comes as one more question with the reason in it, which an empty line answers."""

    def __init__(self, user: str, token: str) -> None:
        self._answers: list[Any] = [f"user={user}\x01auth=Bearer {token}\x01\x01"]

    def __call__(self, _challenge: bytes) -> str:
        return self._answers.pop() if self._answers else ""
