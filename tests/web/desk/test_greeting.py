"""Before the first word: the customer's name, what they speak and wish, and their earlier conversations."""

from __future__ import annotations

import pytest
from django.utils import translation

from careline.customers import actions
from careline.service.conversations import actions as conversations
from careline.service.conversations.hot import words as who
from careline.web.desk import greeting
from tests.insights.beside import customer

PIECE = {"HX-Request": "true"}


@pytest.mark.parametrize(
    ("name", "language", "greeted"),
    [
        ("Ada Moreau", "en", "Hello Ada Moreau,"), ("Ada Moreau", "", "Hello Ada Moreau,"),
        ("Sari Dewi", "id", "Halo Sari Dewi,"), ("Sari Dewi", "id-ID", "Halo Sari Dewi,"),
        ("Ada\n Moreau", "de", "Hello Ada Moreau,"), ("  ", "en", ""),
    ],
)  # fmt: skip
def test_a_greeting_speaks_the_customers_language_where_we_do(name, language, greeted):
    with translation.override("en"):
        assert greeting.words(name, language) == greeted


def test_the_desk_knows_name_language_wishes_and_earlier_talks(conversation, ada, inbox, boss, bo, browser_of):
    actions.update(ada.pk, actor=boss, language="id")
    actions.define_purpose("newsletter", "Our letter", "", actor=boss)
    actions.say_consent(ada.pk, "newsletter", given=False, actor=boss)
    actions.say_consent(ada.pk, "survey", given=True, actor=boss)
    later = conversations.open_with(
        actor=customer(ada, conversation), inbox_id=inbox.pk, person=who.who(email="ada@example.com"), body="Again"
    ).conversation_id
    shown = browser_of(bo).get(f"/desk/{later}", headers=PIECE).content.decode()
    pane = shown.partition('id="pane"')[2]
    assert "Ada Moreau" in pane
    spoken, letter, survey = pane.partition("pane-wishes")[2].partition("</ul>")[0].split("<li")[1:]
    assert "Indonesian" in spoken
    assert "does not want" in letter
    assert "Our letter</bdi>" in letter
    assert "wants </span>" in survey
    assert "survey</bdi>" in survey
    assert f'href="/desk/{conversation.pk}"' in pane, "the earlier conversation is a click away"
    assert 'data-greets="Halo Ada Moreau,"' in shown


def test_who_said_nothing_has_no_wishes(conversation, bo, browser_of):
    shown = browser_of(bo).get(f"/desk/{conversation.pk}", headers=PIECE).content.decode()
    assert "does not want" not in shown
