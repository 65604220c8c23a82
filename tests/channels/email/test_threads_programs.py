"""Three times each way with the headers of Gmail, Outlook and Apple Mail: both sides keep one thread.

The customer's mails have the header shapes those programs write, with a text of ours. What we answer is compared with a
golden file, header by header; `@OURS@`, `@REPLY@` and `@MARKER@` stand for what this installation signed.
"""

from __future__ import annotations

import re
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from careline.channels.email import reading, threads, trimming
from careline.channels.email.mail import Mail
from careline.channels.email.writing import Letter, Quoted, written
from tests.channels.email.letters import HELP, MESSAGE, letter, parsed
from tests.channels.email.test_threads import OURS, Rows

SAMPLES = Path(__file__).parent / "programs"
REPLY = threads.reply_address(1042, "reply@in.shop.example")
SECOND = UUID("019a8f00-0000-7000-8000-000000000002")


def sample(program: str, number: int, message: UUID = MESSAGE) -> Mail:
    raw = (SAMPLES / f"{program}-{number}.eml").read_text(encoding="utf-8")
    signed = {"@OURS@": threads.message_id(message, "shop.example"), "@REPLY@": REPLY, "@MARKER@": threads.marker(1042)}
    for sign, value in signed.items():
        raw = raw.replace(sign, value)
    return reading.read(raw.replace("\n", "\r\n").encode())


def answer(mail: Mail, message: UUID = MESSAGE) -> Letter:
    assert mail.author is not None
    return letter(
        to=(mail.author,),
        subject=threads.subject(mail.subject),
        message=message,
        reply_to=REPLY,
        answering=threads.answering_mail(mail),
        marker=threads.marker(1042),
        quoted=Quoted(author=mail.author, sent_at=mail.sent_at, text=mail.text, html=mail.html),
    )


@pytest.mark.parametrize("program", ["gmail", "outlook", "apple"])
@pytest.mark.parametrize("number", [1, 2])
def test_our_answer_has_the_headers_that_keep_it_in_the_thread(program: str, number: int):
    raw = written(answer(sample(program, number), MESSAGE if number == 1 else SECOND))
    head = raw.partition(b"\r\n\r\n")[0].decode().replace("\r\n", "\n") + "\n"
    golden = (SAMPLES / f"{program}-{number}.answer").read_text(encoding="utf-8")
    assert re.sub(r"\.[a-z2-7]{10}@", ".@MAC@@", head) == golden


@pytest.mark.parametrize("program", ["gmail", "outlook", "apple"])
def test_the_customers_answer_comes_home_by_every_way_it_could(program: str):
    """Ways are taken away one after the other, as relays and programs do; the last one still leads home."""
    mail, rows = sample(program, 2), Rows(OURS, sent={MESSAGE: 1042})
    assert threads.matched(mail, rows).by == "token"
    to_mailbox = _changed(mail, to=(HELP,))
    assert threads.matched(to_mailbox, rows).by == "answered"
    without_answer = _changed(to_mailbox, in_reply_to=())
    assert threads.matched(without_answer, rows).by == "referred"
    without_ids = _changed(without_answer, references=())
    assert threads.matched(without_ids, rows).by == "marker"
    without_marker = _changed(without_ids, html="", text="Thank you!")
    assert threads.matched(without_marker, rows).conversation is None
    numbered = _changed(without_marker, subject=f"{mail.subject} [#1042]")
    assert threads.matched(numbered, rows).by == "number"


@pytest.mark.parametrize("program", ["gmail", "outlook", "apple"])
def test_a_talk_of_three_mails_each_way_is_one_thread_on_both_sides(program: str):
    first = sample(program, 1)
    chain, subjects = [first.message_id], {threads.subject(first.subject)}
    rows = Rows(OURS)
    mail = first
    for turn in range(3):
        message = UUID(int=MESSAGE.int + turn)
        ours = reading.read(written(answer(mail, message)))
        # What programs thread by: the message answered, the whole chain, and a subject that stays.
        assert list(reversed(ours.references)) == chain
        assert ours.in_reply_to == (chain[-1],)
        subjects.add(ours.subject)
        chain.append(ours.message_id)
        rows.sent = {**rows.sent, message: 1042}
        theirs = _changed(
            sample(program, 2, message), message_id=f"turn-{turn}@example.com", references=tuple(reversed(chain))
        )
        match = threads.matched(theirs, rows)
        assert (match.conversation, match.stranger) == (1042, False)
        chain.append(theirs.message_id)
        mail = theirs
    assert subjects == {"Re: Lampe kaputt"}


@pytest.mark.parametrize("program", ["gmail", "outlook", "apple"])
def test_of_the_customers_answer_only_what_is_new_is_shown(program: str):
    mail = sample(program, 2)
    assert trimming.trimmed(mail.text, mail.html)[0].reply.strip() == "Thank you!"


def test_the_mark_is_not_read_out_to_anybody():
    page = parsed(written(answer(sample("gmail", 1)))).get_body(("plain",))
    assert page is not None
    assert "tl:" not in str(page.get_content())


def _changed(mail: Mail, **fields: object) -> Mail:
    return msgspec.structs.replace(mail, **fields)
