"""How an answer finds its conversation, and what must never bring it into somebody else's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from careline.channels.email import threads
from careline.channels.email.addresses import Address
from careline.channels.email.mail import Mail
from careline.channels.email.threads import Thread, answers

MESSAGE = UUID("019a8f00-0000-7000-8000-000000000001")
ADA, EVE = Address("ada@example.com", "Ada"), Address("eve@example.net", "Eve")
OURS = Thread(conversation=1042, here=True, participants=frozenset({"ada@example.com"}))
ELSEWHERE = Thread(conversation=1042, here=False, participants=frozenset({"ada@example.com"}))


class Rows:
    """What the tables would answer, and what was asked of them."""

    def __init__(
        self,
        *conversations: Thread,
        sent: Mapping[UUID, int] | None = None,
        stored: Mapping[str, int] | None = None,
        merged: Mapping[int, int] | None = None,
    ) -> None:
        self.conversations = {one.conversation: one for one in conversations}
        self.sent, self.stored, self.merged = sent or {}, stored or {}, merged or {}
        self.asked: list[object] = []

    def of_messages(self, messages: Sequence[UUID]) -> Mapping[UUID, int]:
        self.asked.append(tuple(messages))
        return {one: self.sent[one] for one in messages if one in self.sent}

    def moved(self, conversation: int, messages: Sequence[UUID], ids: Sequence[str]) -> int | None:
        return None

    def of_ids(self, ids: Sequence[str]) -> Mapping[str, int]:
        self.asked.append(tuple(ids))
        return {one: self.stored[one] for one in ids if one in self.stored}

    def thread(self, conversation: int) -> Thread | None:
        return self.conversations.get(self.merged.get(conversation, conversation))


def written(author: Address = ADA, **rest: object) -> Mail:
    return Mail(authors=(author,), **rest)  # type: ignore[arg-type]


def verdicts(match: threads.Match) -> list[tuple[str, str]]:
    return [(step.by, step.verdict) for step in match.trace]


def test_the_reply_address_leads_home_whichever_field_it_stands_in():
    token = threads.reply_address(1042, "reply@in.example.com")
    for mail in (
        written(to=(Address(token),)),
        written(cc=(Address(token.upper()),)),
        written(to=(Address("help@example.com"),), delivered_to=(token,)),
    ):
        match = threads.matched(mail, Rows(OURS))
        assert (match.conversation, match.by) == (1042, "token")


def test_what_we_sent_is_found_by_what_it_is_answered_with():
    ours = threads.message_id(MESSAGE, "example.com")
    match = threads.matched(written(in_reply_to=(ours,)), Rows(OURS, sent={MESSAGE: 1042}))
    assert (match.conversation, match.by, match.stranger) == (1042, "answered", False)


def test_the_newest_reference_wins_and_all_are_looked_at():
    newer, older = uuid4(), uuid4()
    rows = Rows(OURS, Thread(conversation=7, here=True, participants=OURS.participants), sent={newer: 1042, older: 7})
    chain = ("unknown@elsewhere", threads.message_id(newer, "a.example"), threads.message_id(older, "a.example"))
    match = threads.matched(written(references=chain), rows)
    assert (match.conversation, match.by) == (1042, "referred")
    assert verdicts(match) == [
        ("token", "nothing"),
        ("referred", "unknown"),
        ("referred", "taken"),
    ]


def test_two_questions_serve_a_chain_of_any_length():
    rows = Rows(OURS)
    chain = tuple(f"{number}@elsewhere.example" for number in range(30))
    threads.matched(written(in_reply_to=("x@elsewhere.example",), references=chain), rows)
    assert len(rows.asked) == 1


def test_the_mark_in_the_quoted_html_is_found_when_all_headers_are_lost():
    html = f"<p>yes</p><blockquote><div style='font-size:0'>{threads.marker(1042)}</div></blockquote>"
    match = threads.matched(written(html=html), Rows(OURS))
    assert (match.conversation, match.by) == (1042, "marker")


def test_a_number_is_believed_only_from_somebody_who_takes_part():
    asked = Rows(OURS)
    assert threads.matched(written(subject="Re: Lamp [#1042]"), asked).by == "number"
    match = threads.matched(written(EVE, subject="Re: Lamp [#1042]"), asked)
    assert match.conversation is None
    assert verdicts(match)[-1] == ("number", "stranger")


def test_a_subject_alone_finds_nothing():
    match = threads.matched(written(subject="Re: Lamp"), Rows(OURS))
    assert match.conversation is None
    assert {step.verdict for step in match.trace} == {"nothing"}


def test_another_programs_id_is_believed_only_from_somebody_who_takes_part():
    """Trackers and lists give one id to many people; it must not bring them all into one conversation."""
    rows = Rows(OURS, stored={"shared@tracker.example": 1042})
    assert threads.matched(written(in_reply_to=("shared@tracker.example",)), rows).conversation == 1042
    match = threads.matched(written(EVE, in_reply_to=("shared@tracker.example",)), rows)
    assert match.conversation is None
    assert ("answered", "stranger") in verdicts(match)


def test_our_signature_is_believed_from_a_stranger_in_the_same_mailbox_only():
    token = (Address(threads.reply_address(1042, "reply@in.example.com")),)
    here = threads.matched(written(EVE, to=token), Rows(OURS))
    assert (here.conversation, here.stranger) == (1042, True)
    away = threads.matched(written(EVE, to=token), Rows(ELSEWHERE))
    assert away.conversation is None
    assert verdicts(away)[0] == ("token", "elsewhere")
    assert threads.matched(written(ADA, to=token), Rows(ELSEWHERE)).conversation == 1042


def test_nothing_that_another_installation_signed_opens_anything():
    with override_settings(SECRET_KEY="the key before the backup was put back somewhere else"):
        token, ours, mark = (
            threads.reply_address(1042, "reply@in.example.com"),
            threads.message_id(MESSAGE, "example.com"),
            threads.marker(1042),
        )
    mail = written(to=(Address(token),), in_reply_to=(ours,), html=mark)
    match = threads.matched(mail, Rows(OURS, sent={MESSAGE: 1042}))
    assert match.conversation is None
    assert verdicts(match)[:2] == [("token", "forged"), ("answered", "forged")]


def test_two_houses_of_our_kind_write_to_each_other():
    """Their ids look like ours; what came in with one is answered under it like any other."""
    with override_settings(SECRET_KEY="the key of the other house, longer than 32 characters"):
        theirs = threads.message_id(MESSAGE, "example.com")
    match = threads.matched(written(references=(theirs,)), Rows(OURS, stored={theirs: 1042}))
    assert (match.conversation, match.by) == (1042, "referred")


@given(st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=10, max_size=10))
def test_a_guessed_proof_opens_nothing(proof: str):
    assert threads.conversation_of_address(f"reply+1042.{proof}@in.example.com") is None
    assert threads.message_of(f"tl.{MESSAGE}.{proof}@example.com") is None
    assert list(threads.conversations_of_marker(f"tl:1042.{proof}")) == []


def test_a_proof_for_one_purpose_does_not_serve_another():
    proof = threads.marker(1042).partition(".")[2]
    assert threads.conversation_of_address(f"reply+1042.{proof}@in.example.com") is None
    number = threads.marker(1042).replace("1042", "1043")
    assert list(threads.conversations_of_marker(number)) == []


def test_a_merged_conversation_leads_to_where_it_went():
    rows = Rows(OURS, merged={7: 1042}, sent={MESSAGE: 7})
    mail = written(in_reply_to=(threads.message_id(MESSAGE, "example.com"),))
    assert threads.matched(mail, rows).conversation == 1042


def test_what_was_closed_long_ago_is_linked_and_not_opened():
    old = Thread(conversation=1042, here=True, participants=OURS.participants, closed_for=timedelta(days=31))
    mail = written(in_reply_to=(threads.message_id(MESSAGE, "example.com"),))
    late = threads.matched(mail, Rows(old, sent={MESSAGE: 1042}), reopens=timedelta(days=30))
    assert (late.conversation, late.linked) == (None, 1042)
    assert threads.matched(mail, Rows(old, sent={MESSAGE: 1042})).conversation == 1042


def test_a_conversation_that_is_gone_lets_the_search_go_on():
    mail = written(
        to=(Address(threads.reply_address(7, "reply@in.example.com")),),
        in_reply_to=(threads.message_id(MESSAGE, "example.com"),),
    )
    match = threads.matched(mail, Rows(OURS, sent={MESSAGE: 1042}))
    assert verdicts(match) == [("token", "gone"), ("answered", "taken")]


def test_every_step_is_told_in_words():
    mail = written(EVE, subject="Lamp [#1042]", references=("x@elsewhere.example",))
    told = [step.words() for step in threads.matched(mail, Rows(OURS)).trace]
    assert told == [
        "Reply address: nothing found",
        "Refers to the message x@elsewhere.example: no message of this mailbox",
        "Hidden mark: nothing found",
        "Number 1042 in the subject: the sender takes no part in conversation 1042",
    ]


def test_a_mail_full_of_guesses_is_looked_at_for_so_long_only():
    mail = written(
        to=tuple(Address(f"a+{n}.aaaaaaaaaa@x.example") for n in range(500)),
        references=tuple(f"{n}@elsewhere.example" for n in range(200)),
        html=" ".join(f"tl:{n}.aaaaaaaaaa" for n in range(1000)),
    )
    assert len(threads.matched(mail, Rows(OURS)).trace) <= 60


@pytest.mark.parametrize(
    ("given", "answered"),
    [
        ("Lamp", "Re: Lamp"),
        ("Re: Lamp", "Re: Lamp"),
        ("RE: AW: Re[2]: Lamp", "Re: Lamp"),
        ("رد: مصباح", "Re: مصباح"),
        ("回复：灯", "Re: 灯"),
        ("Balas: Lampu", "Re: Lampu"),
        ("Reading: a lamp", "Re: Reading: a lamp"),
        ("", "Re:"),
        ("Lamp\r\nBcc: eve@example.net", "Re: Lamp Bcc: eve@example.net"),
    ],
)
def test_an_answer_keeps_the_subject_with_one_re(given: str, answered: str):
    assert answers.subject(given) == answered


def test_the_number_is_added_once():
    assert answers.subject("Re: Lamp", number=1042) == "Re: Lamp [#1042]"
    assert answers.subject("Re: Lamp [#1042]", number=1042) == "Re: Lamp [#1042]"
    assert answers.subject("Lamp", answer=False, number=7) == "Lamp [#7]"


def test_a_long_chain_keeps_its_beginning_and_its_end():
    chain = tuple(f"{number}@x.example" for number in range(100))
    found = answers.answering("last@x.example", chain)
    assert found.in_reply_to == "last@x.example"
    assert len(found.references) == 40
    assert (found.references[0], found.references[-1]) == ("0@x.example", "last@x.example")


def test_an_answer_to_a_mail_goes_on_with_its_chain():
    mail = written(message_id="3@x", references=("2@x", "1@x"))
    assert answers.answering_mail(mail).references == ("1@x", "2@x", "3@x")
    assert answers.answering_mail(written(message_id="2@x", in_reply_to=("1@x",))).references == ("1@x", "2@x")
    assert answers.answering_mail(written()).references == ()


def test_a_subject_is_passed_on_once():
    assert threads.passed_on("Lamp") == "Fwd: Lamp"
    assert threads.passed_on("WG: Lamp") == "WG: Lamp"
    assert threads.passed_on("Re: Lamp\r\nBcc: eve@example.net") == "Fwd: Re: Lamp Bcc: eve@example.net"
