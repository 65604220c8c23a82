"""Whose link it is: everybody's, one's own, or nobody's who could ever be named."""

from __future__ import annotations

import msgspec
import pytest
from django.db import IntegrityError, transaction

from careline.accounts.actor import SYSTEM
from careline.customers.models import Person
from careline.experience.surveys import actions, links
from careline.experience.surveys.links import Link
from careline.experience.surveys.models import Response
from careline.kit.refusals import Conflicting, NotVisible, Refused
from careline.touchpoints.models import Touchpoint
from tests.experience.asked import CSAT, WHY, everybody, own


@pytest.fixture
def everything_told(db):
    return lambda: list(Touchpoint.objects.filter(kind__startswith="survey.").order_by("id"))


class TestAnonymous:
    def test_nothing_leads_to_anybody(self, publish, say, ada, boss, everything_told):
        survey = publish(CSAT, WHY, anonymous=True)
        begun = say(everybody(survey), "csat", 0 + 1, fields={"order": "A-17"})
        say(own(begun), "why", "Hm")
        kept = Response.objects.get()
        assert (kept.anonymous, kept.person_id, kept.inbox_id, kept.conversation, kept.fields) == (
            True,
            None,
            None,
            None,
            {},
        )
        [moment] = everything_told()
        assert (moment.kind, moment.person_id, moment.actor_id) == ("survey.answered-anonymously", None, None)
        assert moment.source == f"survey:{survey.pk}:csat"
        assert set(moment.facts) == {
            "survey", "metric", "question", "score", "scale_min", "scale_max", "text", "version",
        }  # fmt: skip

    def test_it_knows_no_link_of_ones_own(self, publish, ada, boss, conversation):
        survey = publish(CSAT, anonymous=True)
        with pytest.raises(Refused, match="one link for everybody"):
            actions.invite(survey.pk, ada.pk, actor=boss)
        with pytest.raises(Refused, match="no customer"):
            actions.add(survey.pk, {"csat": (3, "")}, person_id=ada.pk, actor=boss)

    def test_the_database_refuses_a_name(self, publish, say, ada):
        say(everybody(publish(CSAT, anonymous=True)), "csat", 3)
        with pytest.raises(IntegrityError), transaction.atomic():
            Response.objects.update(person=ada)


class TestLinks:
    def test_a_link_opens_what_we_signed_and_nothing_else(self, publish):
        survey = publish(CSAT)
        token = links.token("open", survey.pk)
        assert links.read(token.upper()) == Link("open", survey.pk)
        for forged in (
            token.replace("s", "r", 1),
            f"s{survey.pk + 1}{token[token.index('-') :]}",
            token[:-1],
            "",
            "s1",
        ):
            with pytest.raises(NotVisible):
                links.read(forged)

    def test_a_closed_survey_takes_no_more(self, publish, say, boss, ada):
        survey = publish(CSAT)
        asked = actions.invite(survey.pk, ada.pk, actor=boss)
        actions.close(survey.pk, actor=boss)
        for link in (everybody(survey), own(asked)):
            with pytest.raises(Conflicting, match="closed"):
                say(link, "csat", 3)

    def test_it_carries_only_the_hidden_fields_the_survey_knows(self, publish, say):
        kept = say(everybody(publish(CSAT, fields=["order"])), "csat", 3, fields={"order": "A-17", "other": "x"})
        assert kept.fields == {"order": "A-17"}

    def test_an_agent_invites_only_about_what_they_see(self, publish, boss, dee, ada, conversation):
        survey = publish(CSAT)
        seeing = also(dee, "surveys.view", "surveys.edit", "conversations.view")
        with pytest.raises(NotVisible):
            actions.invite(survey.pk, ada.pk, conversation=conversation.pk, actor=seeing)
        other = Person.objects.create(name="Lin")
        with pytest.raises(Refused, match="another customer"):
            actions.invite(survey.pk, other.pk, conversation=conversation.pk, actor=boss)


def also(actor, *permissions):
    return msgspec.structs.replace(actor, permissions=actor.permissions | set(permissions))


def test_the_house_itself_asks_about_any_conversation(publish, ada, conversation, inbox):
    asked = actions.invite(publish(CSAT).pk, None, conversation=conversation.pk, actor=SYSTEM)
    assert (asked.person_id, asked.inbox_id) == (ada.pk, inbox.pk)
