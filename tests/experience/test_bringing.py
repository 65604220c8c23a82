"""Answers of other tools, brought as files: what their columns are taken for, what lands, what is refused and why."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from careline.experience.surveys import sheets
from careline.experience.surveys.bringing import actions, queries
from careline.experience.surveys.models import Response, Survey
from careline.experience.surveys.shapes import Option, Question
from careline.insights import tables
from careline.kit.refusals import NotAllowed, Refused
from careline.touchpoints.models import Touchpoint
from careline.tracking import actions as imports
from careline.tracking import queries as imported
from tests.experience.asked import CSAT, NPS, SIZE, WHY

if TYPE_CHECKING:
    from careline.accounts.actor import Actor

pytestmark = pytest.mark.usefixtures("organization", "own_shelf")

QUALTRICS = '''\
StartDate,EndDate,Status,Finished,RecordedDate,ResponseId,RecipientEmail,UserLanguage,Q1_NPS_GROUP,Q1,Q2,Q2_4_TEXT,Q3_1,Q3_2
Start Date,End Date,Response Type,Finished,Recorded Date,Response ID,Recipient Email,User Language,How likely? - Group,\
How likely are you to recommend us?,What do you use?,What do you use? - Other - Text,\
How satisfied are you with… - The price,How satisfied are you with… - The help
"{""ImportId"":""startDate"",""timeZone"":""America/Denver""}","{""ImportId"":""endDate""}","{""ImportId"":""status""}",\
"{""ImportId"":""finished""}","{""ImportId"":""recordedDate""}","{""ImportId"":""_recordId""}","{""ImportId"":""e""}",\
"{""ImportId"":""l""}","{""ImportId"":""QID1_NPS_GROUP""}","{""ImportId"":""QID1""}","{""ImportId"":""QID2""}",\
"{""ImportId"":""QID2_4_TEXT""}","{""ImportId"":""QID3_1""}","{""ImportId"":""QID3_2""}"
2025-03-01 09:00:00,2025-03-01 09:05:00,IP Address,True,2025-03-01 09:05:01,R_1,ada@example.com,EN,Detractor,0,Phone,,Good,Bad
2025-03-01 10:00:00,2025-03-01 10:05:00,IP Address,True,2025-03-01 10:05:01,R_2,nobody@example.com,EN,Promoter,10 - Extremely likely,Other,"A, ""tablet""",,Good
2025-03-02 10:00:00,2025-03-02 10:05:00,IP Address,False,2025-03-02 10:05:01,R_3,,EN,Passive,8,Phone,,,
2025-03-02 11:00:00,2025-03-02 11:05:00,Survey Preview,True,2025-03-02 11:05:01,R_4,,EN,Passive,7,Phone,,,
2025-03-02 12:00:00,2025-03-02 12:05:00,IP Address,True,2025-03-02 12:05:01,R_5,,EN,,11,Phone,,,
2025-03-02 12:00:00,2025-03-02 12:05:00,IP Address,True,,R_6,,EN,,9,Phone,,,
2025-03-02 13:00:00,2025-03-02 13:05:00,IP Address,True,2025-03-02 13:05:01,R_7,,EN,,,,,,
'''  # noqa: E501
MONKEY = """\
Respondent ID,Collector ID,Start Date,End Date,IP Address,Email Address,First Name,Last Name,Custom Data 1,\
How satisfied are you with our help?,Which do you use?,,,What can we do better?
,,,,,,,,,Response,Phone,Mail,Other (please specify),Open-Ended Response
118,9,03/13/2025 09:00:00 PM,03/13/2025 09:04:00 PM,10.0.0.1,ADA@example.com,Ada,,,Very satisfied,Phone,,,Nothing
119,9,03/14/2025 09:00:00 PM,03/14/2025 09:04:00 PM,10.0.0.1,,,,,Dissatisfied,Phone,Mail,Fax,=SUM(A1)
"""


@pytest.fixture
def own_shelf(settings: Any, tmp_path: Path) -> None:
    settings.STORAGE_URL = f"file://{tmp_path}/shelf"


@pytest.fixture
def bring(boss: Actor) -> Callable[..., Any]:
    """Uploads, takes columns for what they look like, and runs: `bring(text, survey=3, unknown="make")`."""

    def bring(text: str, *, name: str = "Old answers", survey: int = 0, **said: Any) -> Any:
        made = actions.upload([text.encode()], name="answers.csv", actor=boss)
        meant = queries.look_at(boss, made.pk, survey=survey).meant
        actions.start(made.pk, msgspec.structs.replace(meant, **said), actor=boss, name=name)
        imports.run_waiting()
        return imported.imported(boss, made.pk)

    return bring


def refused(one: Any, boss: Actor) -> list[tuple[int, str, str]]:
    return imported.refused_rows(boss, one.pk)


def test_answers_of_qualtrics_land_with_their_questions(bring, ada, boss):
    one = bring(QUALTRICS)
    assert (one.state, one.read, one.added, one.refused) == ("done", 7, 3, 4), refused(one, boss)
    survey = Survey.objects.get()
    form = survey.versions.get().form
    assert [(asked.key, asked.type) for asked in form.questions] == [("q1", "nps"), ("q2", "single"), ("q3", "matrix")]
    first, second, third = Response.objects.order_by("pk")
    assert (first.person_id, second.person_id, third.state) == (ada.pk, None, "partial")
    assert first.given["q1"].value == 0
    assert first.given["q3"].value == {"the_price": "good", "the_help": "bad"}
    assert (second.given["q1"].value, second.given["q2"].words) == (10, 'A, "tablet"')
    moments = Touchpoint.objects.filter(kind__startswith="survey.answered").order_by("occurred_at")
    assert [(m.kind, m.facts["score"], m.occurred_at.isoformat()) for m in moments] == [
        ("survey.answered", 0, "2025-03-01T09:05:01+00:00"),
        ("survey.answered-anonymously", 10, "2025-03-01T10:05:01+00:00"),
        ("survey.answered-anonymously", 8, "2025-03-02T10:05:01+00:00"),
    ]


def test_every_refused_row_says_its_line_its_column_and_why(bring, boss):
    assert refused(bring(QUALTRICS), boss) == [
        (7, "Status", "is a preview or a trial, and no answer"),
        (8, "Q1", "is no number on the scale of this question"),
        (9, "RecordedDate", "is missing"),
        (10, "", "holds no answer to any question"),
    ]


def test_answers_of_surveymonkey_land_by_label_and_by_column(bring, ada):
    assert bring(MONKEY).added == 2
    survey = Survey.objects.get()
    satisfied, which, better = survey.versions.get().form.questions
    assert (satisfied.type, which.type, better.type) == ("csat", "multiple", "text")
    first, second = Response.objects.order_by("pk")
    assert first.person_id == ada.pk
    assert first.completed_at.isoformat() == "2025-03-13T21:04:00+00:00"
    assert (first.given[satisfied.key].value, second.given[satisfied.key].value) == (5, 2)
    assert (second.given[which.key].value, second.given[which.key].words) == (["phone", "mail"], "Fax")
    assert second.given[better.key].value == "=SUM(A1)"


def test_a_second_import_adds_nothing_and_a_later_one_what_is_new(bring):
    bring(QUALTRICS)
    survey = Survey.objects.get()
    again = bring(QUALTRICS, survey=survey.pk)
    assert (again.added, again.repeated) == (0, 3)
    line = "2025-04-01 09:00:00,,IP Address,True,2025-04-01 09:05:01,R_9,,EN,,9,Watch,,,\n"
    later = bring(QUALTRICS + line, survey=survey.pk)
    assert (later.added, later.repeated) == (1, 3)
    assert survey.versions.count() == 2  # it has a choice now that nobody had chosen
    assert Touchpoint.objects.filter(kind__startswith="survey.answered").count() == 4


def test_rows_without_a_number_are_known_by_their_content(bring):
    plain = "Date,How easy was it?,Why?\n2025-01-01,7,Good\n2025-01-01,7,Good\n2025-01-02,1,Bad\n"
    assert bring(plain).added == 3
    again = bring(plain, survey=Survey.objects.get().pk)
    assert (again.added, again.repeated) == (0, 3)


@pytest.mark.parametrize(("unknown", "people", "added"), [("nobody", 0, 2), ("make", 1, 2), ("refuse", 0, 1)])
def test_whoever_nobody_knows_is_nobody_made_or_refused(bring, ada, boss, unknown, people, added):
    from careline.customers.models import Person

    before = Person.objects.count()
    plain = "Date,Email,Would you recommend us?\n2025-01-01,ada@example.com,9\n2025-01-01,new@example.com,3\n"
    one = bring(plain, unknown=unknown)
    assert (Person.objects.count() - before, one.added) == (people, added)
    if unknown == "refuse":
        assert refused(one, boss) == [(3, "Email", "names nobody known")]


def test_an_anonymous_file_leads_to_nobody(bring, ada):
    bring("Date,Email,Would you recommend us?\n2025-01-01,ada@example.com,9\n", anonymous=True)
    response = Response.objects.get()
    assert (response.anonymous, response.person_id) == (True, None)
    assert Touchpoint.objects.filter(kind="survey.answered").count() == 0


def test_an_open_survey_takes_only_what_it_asks(bring, boss, publish):
    survey = publish(NPS, SIZE)
    plain = "completed_at,nps,nps.words,size\n2025-01-01,9,Kind,Small\n2025-01-01,9,,Huge\n2025-01-01,8,,\n"
    one = bring(plain, survey=survey.pk)
    assert one.added == 1
    assert refused(one, boss) == [
        (3, "size", "is none of the answers this question offers"), (4, "size", "is missing"),
    ]  # fmt: skip
    made = actions.upload([b"completed_at,nps,color\n2025-01-01,9,red\n2025-01-01,9,red\n"], name="a.csv", actor=boss)
    assert [one.column for one in queries.look_at(boss, made.pk, survey=survey.pk).meant.questions] == ["nps"]


def test_what_was_exported_comes_back_without_a_byte_lost(bring, boss, publish):
    words = '=1+1\n\r\n\'@, "quoted"; سلام\t-'
    several = Question(
        key="ways", type="multiple", words={"en": "Ways?"},
        options=[Option(key="a", words={"en": "A, or so"}), Option(key="b", words={"en": "B"})],
    )  # fmt: skip
    order = Question(key="order", type="ranking", words={"en": "Order?"}, options=several.options)
    grid = Question(key="grid", type="matrix", words={"en": "Each?"}, options=several.options, rows=SIZE.options)
    from careline.experience.surveys import actions as surveys

    survey = publish(NPS, CSAT, several, order, grid, WHY, fields=["plan"])
    given: dict[str, Any] = {
        "nps": (0, "'=x"), "csat": (1, ""), "ways": (["a", "b"], ""), "order": (["b", "a"], ""),
        "grid": ({"s": "a", "l": "b"}, ""), "why": (words.replace("\r\n", "\n"), ""),
    }  # fmt: skip
    surveys.add(survey.pk, given, actor=boss, fields={"plan": "-9"})
    surveys.add(survey.pk, {"csat": (5, "")}, actor=boss)
    text = b"".join(tables.pieces(sheets.table(boss, survey.pk), "csv")).decode()
    there = bring(text, survey=survey.pk)
    assert (there.added, there.repeated) == (0, 2)  # they are in this house already
    other = publish(NPS, CSAT, several, order, grid, WHY, fields=["plan"], name="Other")
    assert bring(text, survey=other.pk).added == 2
    kept = [
        {key: (one.value, one.words) for key, one in row.given.items()}
        for row in Response.objects.filter(survey=other).order_by("-pk")
    ]
    before = [
        {key: (one.value, one.words) for key, one in row.given.items()}
        for row in Response.objects.filter(survey=survey).order_by("pk")
    ]
    assert sorted(map(repr, kept)) == sorted(map(repr, before))
    assert Response.objects.filter(survey=other, fields={"plan": "-9"}).count() == 1


def test_what_is_no_file_of_answers_is_refused_in_a_sentence(boss, bo):
    for text, name, why in (
        (b"PK\x03\x04", "a.csv", "workbook"), (b"a,b\n1,2\n", "a.xlsx", r"\.csv"), (b"", "a.csv", "empty"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=why):
            actions.upload([text], name=name, actor=boss)
    with pytest.raises(NotAllowed):
        actions.upload([b"a,b\n1,2\n"], name="a.csv", actor=bo)
