"""A survey by mail brings its first question along: each answer is a link, and so is the way out."""

from __future__ import annotations

import json
import re
from email import message_from_bytes, policy

import pytest

from careline import contact
from careline.channels import adapter, queries
from careline.channels.models import Inbox, Outbox
from careline.channels.outbox.preparing import Claim, prepared
from careline.customers import actions as customers
from careline.experience.surveys import actions, delivery
from careline.experience.surveys.shapes import Question
from careline.kit import signing
from careline.kit.refusals import Refused

NPS = Question(
    key="nps", type="nps", words={"en": "Would you recommend <us>?", "ar": "هل توصي بنا؟"},
    low={"en": "Never", "ar": "لا"},
)  # fmt: skip


@pytest.fixture
def mailbox(organization) -> Inbox:
    settings = {"address": "help@harbor.example", "sender": "Harbor Goods"}
    return Inbox.objects.create(
        kind="email", name="Mail", key="mail", secret=signing.seal(b"m" * 32), settings=settings, delivery="push"
    )


@pytest.fixture
def sent(publish, ada, boss, mailbox, settings):
    settings.CARELINE_BASE_URL = "https://care.harbor.example"

    def sent(**more):
        survey = publish(NPS, languages=["en", "ar"], **more)
        asked = actions.invite(survey.pk, ada.pk, actor=boss)
        yes = contact.decide(ada.pk, "surveys", delivery.channel(asked.pk, "email"), f"survey:{asked.pk}")
        delivery.send(asked.pk, decision=yes, way="email")
        row = Outbox.objects.get()
        claim = Claim(
            row.pk, row.inbox_id, "email", row.person_id, row.recipient, json.dumps(row.payload), None,
            row.decision_id, 1, row.created_at,
        )  # fmt: skip
        channel, message = prepared(claim)
        raw = channel.render(queries.endpoint(mailbox.pk), message)
        return message_from_bytes(raw, policy=policy.default)

    return sent


def test_each_answer_is_a_link_and_so_is_the_way_out(sent, client):
    mail = sent(theme="plum")
    assert (mail["To"], mail["Subject"]) == ("Ada Moreau <Ada@Example.com>", "After help")
    leave = mail["List-Unsubscribe"].strip("<>")
    assert leave.startswith("https://care.harbor.example/o/")
    assert (mail["List-Unsubscribe-Post"], mail["Auto-Submitted"]) == ("List-Unsubscribe=One-Click", "auto-generated")
    text = mail.get_body(("plain",)).get_content()
    page = mail.get_body(("html",)).get_content()
    links = re.findall(r"https://care\.harbor\.example(/s/\S+\?answer=(\d+))", text)
    assert [int(step) for _link, step in links] == list(range(11))
    for link, step in links:
        assert f'href="https://care.harbor.example{link}"' in page
        assert f">{step}</a>" in page
    assert "Would you recommend &lt;us&gt;?" in page
    assert (leave in text, leave in page, "#84346c" in page) == (True, True, True)
    # Looking answers nothing; what was tapped stands there to be sent.
    shown = client.get(links[0][0]).content.decode()
    assert re.search(r'value="0" checked', shown)
    assert client.post(leave.partition(".example")[2], {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not contact.decide(Outbox.objects.get().person_id, "surveys", "email", "again").allowed


def test_it_speaks_what_they_speak_from_right_to_left(sent, ada):
    type(ada).objects.update(language="ar")
    page = sent().get_body(("html",)).get_content()
    assert 'lang="ar" dir="rtl"' in page
    assert "هل توصي بنا؟" in page


def test_without_an_address_or_a_mailbox_the_way_leads_nowhere(publish, ada, boss):
    asked = actions.invite(publish(NPS).pk, ada.pk, actor=boss)
    with pytest.raises(Refused, match="no mailbox"):
        delivery.channel(asked.pk, "email")


def test_no_is_no(sent, ada, boss):
    customers.say_own_consent(ada.pk, "surveys", given=False)
    with pytest.raises(Refused, match="Not sent"):
        sent()
    assert adapter.of("email").capabilities.letters
