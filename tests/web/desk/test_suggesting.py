"""Suggested replies beside the thread: drawn by themselves, put into the reply by hand, counted when it goes."""

from __future__ import annotations

import pytest

from careline.service.assist import saving
from careline.service.assist.models import Use
from careline.service.conversations.models import Message
from careline.web.desk import suggesting

PIECE = {"HX-Request": "true"}
WORDS = "Hello {customer}, sorry that your order is late. We look into it today."


@pytest.fixture
def kept(cy, inbox):
    return saving.keep("Late order", WORDS, language="en", actor=cy)


def test_the_thread_does_not_wait_for_what_is_suggested(conversation, kept, bo, browser_of):
    shown = browser_of(bo).get(f"/desk/{conversation.pk}", headers=PIECE).content.decode()
    assert f'hx-get="/desk/{conversation.pk}/suggestions"' in shown
    assert "Late order" not in shown


def test_a_suggestion_says_what_it_is_where_it_is_from_and_by_which_key(conversation, kept, bo, browser_of):
    shown = browser_of(bo).get(f"/desk/{conversation.pk}/suggestions", headers=PIECE).content.decode()
    assert f'data-mark="saved:{kept.pk}"' in shown
    assert 'data-words="Hello Ada, sorry that your order is late.' in shown
    assert "Saved reply" in shown
    assert 'aria-keyshortcuts="Tab"' in shown


def test_what_is_put_away_is_gone_and_what_is_sent_is_counted(conversation, kept, bo, browser_of):
    browser = browser_of(bo)
    words = WORDS.replace("{customer}", "Ada")
    given = {"kind": "reply", "body": words, "client_id": "a", "put": f"saved:{kept.pk}", "put_words": words}
    assert browser.post(f"/desk/{conversation.pk}/messages", given, headers=PIECE).status_code == 201
    assert Message.objects.filter(conversation=conversation, kind="reply").count() == 1
    assert Use.objects.get().act == "taken"
    away = browser.post(f"/desk/{conversation.pk}/suggestions/saved/{kept.pk}/dismissal", headers=PIECE)
    assert "Late order" not in away.content.decode()
    assert sorted(Use.objects.values_list("act", flat=True)) == ["dismissed", "taken"]


def test_a_note_counts_nothing(conversation, kept, bo, browser_of):
    given = {"kind": "note", "body": "Hm", "client_id": "a", "put": f"saved:{kept.pk}", "put_words": "Hm"}
    assert browser_of(bo).post(f"/desk/{conversation.pk}/messages", given, headers=PIECE).status_code == 201
    assert not Use.objects.exists()


def test_strangers_are_told_nothing(conversation, kept, dee, browser_of):
    for method, path in (("get", "suggestions"), ("post", f"suggestions/saved/{kept.pk}/dismissal"),
                         ("get", "saved-replies")):  # fmt: skip
        answer = getattr(browser_of(dee), method)(f"/desk/{conversation.pk}/{path}", headers=PIECE)
        assert answer.status_code == 404


def test_saved_replies_can_be_looked_through_where_they_may_be_used(conversation, kept, elsewhere, bo, cy, browser_of):
    saving.keep("Agak terlambat", "Maaf, {customer}. {agent}", language="id", actor=cy)
    saving.keep("Partners alone", "For partners.", language="en", actor=cy, inbox_ids=[elsewhere.pk])
    shown = browser_of(bo).get(f"/desk/{conversation.pk}/saved-replies", headers=PIECE).content.decode()
    # Those in the language of the customer first.
    assert shown.index("Late order") < shown.index("Agak terlambat")
    assert 'data-words="Maaf, Ada. Bo"' in shown
    assert "Partners alone" not in shown


def test_there_is_a_key_for_each(conversation):
    assert len(suggesting.KEYS) == 3
