"""Brings the mails by the house's own ways: earlier ones as a mailbox that is moved, this morning's as they come."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from django.db import transaction

from careline.accounts.actor import SYSTEM
from careline.channels import inbound, outbox
from careline.channels.letters import Letter as Envelope
from careline.channels.letters import Party as Addressed
from careline.customers.actions import find_or_create
from careline.customers.identities import Given
from careline.demo import company
from careline.demo.people import Character
from careline.demo.post import letters, programs
from careline.demo.post.letters import Thread
from careline.demo.post.programs import Mail, Party
from careline.service.conversations import actions, queries
from careline.service.conversations.history import actions as history

# Of so many customers one writes by mail.
SHARE = 14
_SIGNED = "{name}\nHarbor & Hearth, Mill Street 4"
_RETURNED = """From: Mail Delivery System <MAILER-DAEMON@post.example>
To: {us}
Subject: Undelivered Mail Returned to Sender
Message-ID: <returned.{name}>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=part

--part
Content-Type: text/plain

Your mail could not be delivered: nobody of this name has a mailbox here.

--part
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.post.example

Final-Recipient: rfc822; {address}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <{address}>: Recipient address rejected: User unknown

--part
Content-Type: text/rfc822-headers

Message-ID: <{name}>

--part--
"""


class Written(msgspec.Struct, frozen=True):
    thread: Thread
    writer: Party
    mails: tuple[Mail, ...]


def bring(house: company.Company, cast: Sequence[Character], *, end: datetime, days: int) -> None:
    """As many threads as there are customers for, none longer ago than the company is old."""
    room = len(cast) // SHARE
    earlier = [one for one in letters.EARLIER if one.days < days][:room]
    fresh = [letters.BOUNCED, letters.ASKED_ABOUT, *letters.TODAY][: max(0, room - len(earlier))]
    found = list(_written([*earlier, *fresh], cast, end))
    known, today = found[: len(earlier) + 2], found[len(earlier) + 2 :]
    if not known:
        return
    with tempfile.TemporaryDirectory(prefix="careline-demo-") as folder:
        box = Path(folder) / company.email("hello")
        for name in ("cur", "new", "tmp"):
            (box / name).mkdir(parents=True)
        for one in known:
            for mail in one.mails if one.thread in letters.EARLIER else one.mails[:1]:
                (box / "cur" / f"{mail.name}:2,S").write_bytes(programs.written(mail))
        history.bring_here(house.post, box, actor=SYSTEM, told=lambda _now: None, open_days=1)
    for one in known[len(earlier) :]:
        if one.thread is letters.BOUNCED:
            _comes_back(house, one, end)
        else:
            _passed_on(house, one)
    for one in today:
        _comes(house, one.mails[0].name, programs.written(one.mails[0]), one.mails[0].at)


def _written(threads: Sequence[Thread], cast: Sequence[Character], end: datetime) -> Iterator[Written]:
    """By customers of the thread's language, each by another."""
    left = {language: iter([one for one in cast if one.language == language]) for language in ("en", "id", "ar")}
    for n, thread in enumerate(threads):
        name, address = thread.writer
        if not address:
            who = next(left[thread.language], None)
            if who is None:
                continue
            name, address = who.name, who.email
        writer = Party(name, address)
        yield Written(thread, writer, tuple(_mails(thread, writer, n, end)))


def _mails(thread: Thread, writer: Party, n: int, end: datetime) -> Iterator[Mail]:
    chance = random.Random(f"post:{n}")
    at = end - timedelta(days=thread.days)
    if thread.days > 1:
        at = at.replace(hour=chance.randrange(8, 17), minute=chance.randrange(60))
    before: Mail | None = None
    for number, one in enumerate(thread.letters):
        at += timedelta(hours=one.after, minutes=chance.uniform(0, 4))
        us = Party(_names().get(one.by, company.NAME), company.email("hello"))
        mail = Mail(
            name=f"{n}.{number}.{thread.days}@{'harbor' if one.by else 'mail'}.example", at=at,
            author=us if one.by else writer, to=writer if one.by else Party(company.NAME, us.address),
            subject=_subject(thread, one, answers=before is not None),
            said=one.said.format(first=writer.name.split()[0]), language=thread.language,
            program="gmail" if one.by else thread.program, copies=thread.copies if before is not None else (),
            signature=_SIGNED.format(name=us.name.split()[0]) if one.by not in {"", "shop"} else thread.signature,
            files=one.files, passes_on=one.passes_on, automatic=one.automatic, before=before,
        )  # fmt: skip
        yield mail
        before = mail if not one.automatic else before


def _subject(thread: Thread, one: letters.Letter, *, answers: bool) -> str:
    said = "Automatic reply" if one.automatic else "Re"
    return f"{said}: {thread.subject.removeprefix('Fwd: ')}" if answers else thread.subject


def _names() -> dict[str, str]:
    return {handle: name for name, handle, _role, _language in company.STAFF}


def _comes(house: company.Company, key: str, raw: bytes, at: datetime) -> None:
    inbound.keep(house.post, key, raw, {"x-received-at": at.isoformat()})
    while inbound.take():
        pass


def _number(house: company.Company, one: Written) -> int:
    person = find_or_create([Given("email", one.writer.address)], actor=SYSTEM).person.pk
    found = queries.of_person(house.owner, person)
    return next(row.id for row in found if row.subject == one.thread.subject)


def _comes_back(house: company.Company, one: Written, end: datetime) -> None:
    """Our answer left, and the server over there says that nobody has this address."""
    number, answer = _number(house, one), one.mails[1]
    agent = house.agents[one.thread.agent]
    actions.assign(number, actor=agent, agent_id=agent.agent_id, at=answer.at - timedelta(minutes=3))
    with transaction.atomic():
        said = actions.reply(number, actor=agent, body=answer.said, at=answer.at)
        name = outbox.brought(said.message_id, at=answer.at)
    raw = _RETURNED.format(us=answer.author.address, address=one.writer.address, name=name).replace("\n", "\r\n")
    _comes(house, f"returned.{name}", raw.encode(), min(end, answer.at + timedelta(minutes=1)))


def _passed_on(house: company.Company, one: Written) -> None:
    number, agent = _number(house, one), house.agents[one.thread.agent]
    at = one.mails[0].at + timedelta(minutes=35)
    actions.assign(number, actor=agent, agent_id=agent.agent_id, at=at - timedelta(minutes=2))
    to = (Addressed(letters.CARRIER[1], letters.CARRIER[0]),)
    with transaction.atomic():
        said = actions.forward(number, actor=agent, letter=Envelope(to=to), body=letters.COMMENT, at=at)
        outbox.brought(said.message_id, at=at)
