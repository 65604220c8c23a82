"""A draft held against the house's voice: what is marked, and what is left alone."""

from __future__ import annotations

from decimal import Decimal

import pytest

from careline.kit.refusals import NotAllowed, NotVisible, Refused
from careline.service.assist import voice
from careline.service.assist.voice import Terms, check

FORMAL, FRIENDLY = Terms(manner="formal"), Terms(manner="friendly")
ALL = Terms(dates=True)


def marks(draft, terms=ALL):
    return [(one.kind, one.words) for one in check(draft, terms)]


@pytest.mark.parametrize(
    ("draft", "found"),
    [
        ("We guarantee that it works.", [("guarantee", "We guarantee")]),
        ("This will never happen again.", [("guarantee", "never happen again")]),
        ("Kami jamin barangnya sampai.", [("guarantee", "Kami jamin")]),
        ("نضمن لك ذلك.", [("guarantee", "نضمن")]),
        ("It will be with you by Friday.", [("date", "will be with you by Friday")]),
        ("It ships within 3 days.", [("date", "within 3 days")]),
        ("We will refund you.", [("money", "We will refund")]),
        ("Uangnya kembali, ini gratis.", [("money", "gratis")]),
        ("You should have read the manual.", [("blame", "You should have")]),
        ("As I already said, it is late.", [("blame", "As I already said")]),
        ("Itu kesalahan Anda.", [("blame", "kesalahan Anda")]),
        ("It is late!!", [("shouting", "!!")]),
        ("PLEASE STOP writing.", [("shouting", "PLEASE STOP")]),
        ("Dear {customer}, order [NUMBER] left.", [("blank", "{customer}"), ("blank", "[NUMBER]")]),
    ],
)
def test_what_is_not_the_houses_voice_is_marked(draft, found):
    assert marks(draft) == found


@pytest.mark.parametrize(
    "draft",
    [
        "", "I am sorry that your lamp arrived broken. I have asked the courier where it is and write to you today.",
        "Could you tell me which size you have?", "We are looking into it. The number is in [1] of the list.",
        "Your refund was booked on Monday.", "The USA and UK shops are open.", "Is Friday a good day for you?",
        "Pesanan Anda sudah kami terima, terima kasih.", "شكرا لصبرك، سأكتب لك اليوم.",
    ],
)  # fmt: skip
def test_what_is_well_said_is_left_alone(draft):
    assert marks(draft) == []


@pytest.mark.parametrize(
    ("draft", "terms", "left"),
    [
        ("We will refund you 20 EUR.", Terms(most=Decimal(20)), []),
        ("We will refund you €1,020.50.", Terms(most=Decimal(20)), ["money"]),
        ("We will refund you 20 EUR. We will refund more.", Terms(most=Decimal(20)), ["money"]),
        ("It will be there by Friday.", Terms(), []), ("We guarantee it.", Terms(guarantees=False), []),
        ("You should have read it.", Terms(blame=False), []), ("Late!!", Terms(shouting=False), []),
        ("We will refund it.", Terms(money=False), []),
    ],
)  # fmt: skip
def test_the_house_says_what_may_be_promised(draft, terms, left):
    assert [one.kind for one in check(draft, terms)] == left


def test_each_mark_has_its_place_and_its_proposal():
    terms = Terms(words=(("ETA", "when it arrives"), ("cheap", "")))
    draft = "Eta unknown. It's CHEAP."
    first, second = check(draft, terms)
    assert (draft[first.start : first.end], first.instead) == ("Eta", "When it arrives")
    assert (draft[second.start : second.end], second.instead) == ("CHEAP", "")
    [loose, smile] = check("We can’t 🙂", FORMAL)
    assert (loose.words, loose.instead) == ("can’t", "cannot")
    assert smile.kind == "loose"
    assert check("Please be advised to utilize it prior to Monday.", FRIENDLY)[1].instead == "use"
    assert check("We can't utilize it.", Terms()) == []


def test_of_two_at_one_place_one_is_marked_and_a_wall_of_them_ends():
    assert len(check("We guarantee a full refund. " * 100, Terms())) == 12
    assert marks("We guarantee guaranteed", ALL) == [("guarantee", "We guarantee"), ("guarantee", "guaranteed")]


def test_a_house_begins_with_a_voice_and_keeps_its_own(organization, boss, bo, cy, conversation, dee):
    assert voice.voice(bo) == Terms()
    kept = voice.keep(Terms(manner="formal", words=(("ticket", "matter"),), most=Decimal("25.5")), actor=cy)
    assert voice.voice(bo) == kept
    [mark] = voice.draft_marks(conversation.pk, "Your ticket is open.", actor=bo)
    assert mark.instead == "matter"
    with pytest.raises(NotVisible):
        voice.draft_marks(conversation.pk, "Your ticket is open.", actor=dee)
    with pytest.raises(NotAllowed):
        voice.keep(Terms(), actor=bo)
    for refused in (Terms(most=Decimal(-1)), Terms(most=Decimal("0.001")), Terms(words=((" ", "x"),))):
        with pytest.raises(Refused):
            voice.keep(refused, actor=cy)


def test_a_long_draft_is_looked_at_quickly():
    """Nothing in the lists takes more than its share of a long text."""
    for draft in ("we will " * 5000, "within " * 5000, "a" * 40_000, "you " * 8000, "€" * 9000 + "1," * 9000):
        check(draft, Terms(dates=True, manner="formal"))
