"""A survey is written, checked in words, published in versions and closed."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from careline.experience.surveys import actions, beginnings, checking, queries
from careline.experience.surveys.models import Version
from careline.experience.surveys.shapes import Condition, Form, Option, Question, Quota
from careline.kit.refusals import Conflicting, NotAllowed, NotVisible, Refused

CSAT = Question(key="csat", type="csat", words={"en": "Satisfied?"})
SOUND = Form(languages=["en"], title={"en": "Help"}, questions=[CSAT])


def wrong(**changed: object) -> Form:
    return replace(SOUND, **changed)


def asking(**more: object) -> Form:
    return wrong(questions=[replace(CSAT, **more)])


AFTER = Question(key="b", type="text", words={"en": "B?"})
PICK = Question(key="a", type="single", words={"en": "A?"}, options=[Option(key="x", words={"en": "X"})])


@pytest.mark.parametrize("beginning", beginnings.BEGINNINGS, ids=lambda one: one.key)
@pytest.mark.parametrize("language", ["en", "id", "ar"])
def test_what_a_survey_begins_with_can_be_published(beginning, language):
    form = beginnings.form(beginning, language)
    assert checking.problems(form) == []
    assert form.languages[0] == language
    assert all(set(one.words) == {"en", "id", "ar"} for one in form.questions)


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        (wrong(questions=[]), "at least one question"),
        (wrong(title={}), "The title has no words"),
        (wrong(languages=["en", "xx"]), "xx is no language"),
        (wrong(questions=[CSAT, CSAT]), "the same key"),
        (asking(words={"ar": "?"}), "no words in the first language"),
        (asking(points=8), "3, 4, 5, 6, 7 or 10"),
        (asking(type="ces1"), "earlier years"),
        (wrong(questions=[PICK]), "too little to choose from"),
        (asking(when=[Condition(of="later", test="answered")]), "does not come before"),
        (asking(when=[Condition(of="field:plan", test="answered")]), "hidden field that is not there"),
        (wrong(questions=[CSAT, replace(AFTER, when=[Condition(of="csat", value=6)])]), "cannot be given"),
        (asking(words={"en": "About {answer:later}?"}), "not known by then"),
        (wrong(quotas=[Quota(most=1, of="csat", value=9)]), "quota"),
        (wrong(anonymous=True, fields=["order"]), "takes no hidden fields"),
        (wrong(anonymous=True, questions=[replace(AFTER, type="file")]), "takes no files"),
    ],
)
def test_what_cannot_be_asked_is_said(form, sentence):
    assert sentence in " ".join(one.sentence for one in checking.problems(form))


def test_a_draft_is_seen_once_it_is_published(boss):
    survey = actions.create("Help", SOUND, actor=boss)
    with pytest.raises(Conflicting):
        actions.close(survey.pk, actor=boss)
    assert actions.publish(survey.pk, actor=boss).number == 1
    actions.change(survey.pk, form=wrong(title={"en": "Our help"}), actor=boss)
    found = queries.survey(boss, survey.pk)
    assert (found.version, found.has_changes, found.state) == (1, True, "live")
    assert actions.publish(survey.pk, actor=boss).number == 2
    assert [one.form.title["en"] for one in Version.objects.order_by("number")] == ["Help", "Our help"]


def test_opening_again_makes_no_new_version(boss):
    survey = actions.create("Help", SOUND, actor=boss)
    actions.publish(survey.pk, actor=boss)
    actions.close(survey.pk, actor=boss)
    assert actions.publish(survey.pk, actor=boss).number == 1
    with pytest.raises(Conflicting, match="word for word"):
        actions.publish(survey.pk, actor=boss)


def test_a_question_goes_on_only_as_what_it_was(boss):
    survey = actions.create("Help", SOUND, actor=boss)
    actions.publish(survey.pk, actor=boss)
    for turned in (asking(points=7), asking(type="ces")):
        actions.change(survey.pk, form=turned, actor=boss)
        with pytest.raises(Refused, match="another type or scale"):
            actions.publish(survey.pk, actor=boss)


def test_a_survey_with_a_fault_is_not_published(boss):
    survey = actions.create("Help", wrong(questions=[]), actor=boss)
    with pytest.raises(Refused, match="at least one question"):
        actions.publish(survey.pk, actor=boss)


def test_two_who_write_at_once_notice(boss):
    survey = actions.create("Help", SOUND, actor=boss)
    actions.change(survey.pk, name="Mine", revision=1, actor=boss)
    with pytest.raises(Conflicting, match="Somebody else"):
        actions.change(survey.pk, name="Yours", revision=1, actor=boss)


def test_two_of_one_name_are_told_apart(boss):
    codes = [actions.create("Après l’aide!", SOUND, actor=boss).code for _ in range(2)]
    assert codes == ["apres-l-aide", "apres-l-aide-2"]
    assert actions.create("مرحبا", SOUND, actor=boss).code == "survey"


def test_a_draft_is_taken_away_and_what_was_published_is_not(boss):
    draft, live = (actions.create("Help", SOUND, actor=boss) for _ in range(2))
    actions.publish(live.pk, actor=boss)
    actions.remove(draft.pk, actor=boss)
    with pytest.raises(NotVisible):
        queries.survey(boss, draft.pk)
    with pytest.raises(Conflicting):
        actions.remove(live.pk, actor=boss)


def test_a_lead_reads_and_writes_nothing_and_an_agent_sees_nothing(boss, cy, bo):
    survey = actions.create("Help", SOUND, actor=boss)
    assert queries.survey(cy, survey.pk).name == "Help"
    for verb in (actions.publish, actions.close, actions.remove, actions.change):
        with pytest.raises(NotAllowed):
            verb(survey.pk, actor=cy)
    with pytest.raises(NotAllowed):
        queries.surveys(bo)
