"""What was answered is counted from one set of rows, and goes out whole."""

from __future__ import annotations

import csv
import io

import pytest
from msgspec.structs import replace

from careline.experience.surveys import actions, counting, queries, sheets
from careline.experience.surveys.links import Link
from careline.experience.surveys.models import Response
from careline.experience.surveys.shapes import Form, Option, Question
from careline.insights import tables
from careline.kit.refusals import NotVisible

OPTIONS = [Option(key=key, words={"en": key.upper()}) for key in "abc"]
NPS = Question(key="nps", type="nps", words={"en": "Recommend?"}, comment={"en": "Why?"})
MANY = Question(key="many", type="multiple", words={"en": "Which?"}, options=OPTIONS)
RANK = Question(key="rank", type="ranking", words={"en": "Order?"}, options=OPTIONS)
GRID = Question(key="grid", type="matrix", words={"en": "How?"}, options=OPTIONS, rows=OPTIONS[:2])
TEXT = Question(key="text", type="text", words={"en": "Words?"})


def answered(survey, say, *pairs, **more):
    link = Link("open", survey.pk)
    for key, value in pairs:
        words = "Because" if key == "nps" and value == 0 else ""
        link = Link("own", say(link, key, value, words, **more).pk)
    return Response.objects.get(pk=link.number)


def rows_of(pieces) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(b"".join(pieces).decode())))


def test_everybody_answered_passed_over_or_left(publish, say, boss):
    survey = publish(NPS, MANY, TEXT)
    answered(survey, say, ("nps", 0), ("many", ["a", "b"]), ("text", None))
    answered(survey, say, ("nps", 10), ("many", None))
    answered(survey, say, ("nps", 0))
    nps, many, text = counting.results(boss, survey.pk)
    assert [(one.reached, one.answered, one.skipped, one.left) for one in (nps, many, text)] == [
        (3, 3, 0, 0), (3, 1, 1, 1), (2, 0, 1, 1),
    ]  # fmt: skip
    assert {bar.value: bar.count for bar in nps.bars if bar.count} == {"0": 2, "10": 1}
    assert (nps.groups, nps.words) == ([("Detractors", 2), ("Passives", 0), ("Promoters", 1)], 2)
    assert [(bar.value, bar.count) for bar in many.bars] == [("a", 1), ("b", 1), ("c", 0)]


def test_orders_and_rows_are_counted_where_they_stand(publish, say, boss):
    survey = publish(RANK, GRID)
    answered(survey, say, ("rank", ["c", "a", "b"]), ("grid", {"a": "b", "b": "b"}))
    answered(survey, say, ("rank", ["c", "b", "a"]), ("grid", {"a": "c"}))
    rank, grid = counting.results(boss, survey.pk)
    assert rank.places == {"a": 2.5, "b": 2.5, "c": 1.0}
    assert [(bar.value, bar.count) for bar in rank.bars] == [("a", 0), ("b", 0), ("c", 2)]
    assert {key: [bar.count for bar in bars] for key, bars in grid.rows} == {"a": [0, 1, 1], "b": [0, 1, 0]}


def test_what_is_no_longer_asked_is_counted_still(publish, say, boss):
    survey = publish(NPS, TEXT)
    answered(survey, say, ("nps", 3), ("text", "x"))
    actions.change(survey.pk, form=replace(survey.form, questions=[TEXT]), actor=boss)
    actions.publish(survey.pk, actor=boss)
    assert [(one.question.key, one.answered, one.is_past) for one in counting.results(boss, survey.pk)] == [
        ("text", 1, False), ("nps", 1, True),
    ]  # fmt: skip


def test_the_file_holds_all_there_is_and_nought_is_nought(publish, say, boss, ada, conversation):
    survey = publish(NPS, MANY, RANK, GRID, TEXT, fields=["order"])
    asked = actions.invite(survey.pk, None, conversation=conversation.pk, fields={"order": "=A-17"}, actor=boss)
    given = {"nps": 0, "many": ["c"], "rank": ["b", "a", "c"], "grid": {"b": "a"}, "text": "two\nlines, “so”"}
    for key, value in given.items():
        say(Link("own", asked.pk), key, value, "Slow" if key == "nps" else "", language="en")
    [row] = rows_of(tables.pieces(sheets.table(boss, survey.pk), "csv"))
    told = {name: cell for name, cell in row.items() if not name.endswith("_at")}
    assert told == {
        "id": str(asked.pk), "survey": "after-help", "version": "1", "state": "complete", "test": "no",
        "anonymous": "no", "customer_id": str(ada.pk), "customer_name": "Ada Moreau", "language": "en",
        "channel": "page", "conversation_id": str(conversation.pk), "field:order": "'=A-17", "nps": "0",
        "nps.words": "Slow", "many:a": "", "many:b": "", "many:c": "1", "rank:a": "2", "rank:b": "1", "rank:c": "3",
        "grid:a": "", "grid:b": "a", "text": "two\nlines, “so”",
    }  # fmt: skip


def test_who_may_not_export_customers_gets_the_file_without_them(publish, say, ada, boss, cy):
    survey = publish(NPS)
    say(Link("own", actions.invite(survey.pk, ada.pk, actor=boss).pk), "nps", 9)
    [row] = rows_of(tables.pieces(sheets.table(cy, survey.pk), "csv"))
    assert (row["nps"], row["customer_id"], row["customer_name"]) == ("9", "", "")


def test_a_file_of_an_older_version_keeps_its_columns(publish, say, boss):
    survey = publish(NPS)
    answered(survey, say, ("nps", 0))
    form = Form(languages=["en"], title={"en": "T"}, questions=[TEXT])
    actions.change(survey.pk, form=form, actor=boss)
    actions.publish(survey.pk, actor=boss)
    [row] = rows_of(tables.pieces(sheets.table(boss, survey.pk), "csv"))
    assert (row["version"], row["nps"], row["nps.words"], row["text"]) == ("1", "0", "Because", "")


@pytest.fixture
def of_a_talk(publish, say, boss, conversation):
    survey = publish(NPS)
    asked = actions.invite(survey.pk, None, conversation=conversation.pk, actor=boss)
    say(Link("own", asked.pk), "nps", 2)
    return survey, asked


def test_what_happened_in_an_inbox_is_seen_by_who_works_there(of_a_talk, cy, dee):
    survey, asked = of_a_talk
    reader = replace(dee, permissions=dee.permissions | {"surveys.view"})
    assert [one.pk for one in queries.responses(cy, survey.pk)] == [asked.pk]
    assert queries.responses(reader, survey.pk) == []
    assert queries.survey(reader, survey.pk).complete == 0
    assert counting.results(reader, survey.pk)[0].answered == 0
    assert rows_of(tables.pieces(sheets.table(reader, survey.pk), "csv")) == []
    with pytest.raises(NotVisible):
        queries.response(reader, asked.pk)


def test_who_it_was_is_told_to_those_who_see_customers(of_a_talk, cy):
    survey, asked = of_a_talk
    blind = replace(cy, permissions=cy.permissions - {"customers.view"})
    [one] = queries.responses(blind, survey.pk)
    assert (one.pk, one.person_id, one.person_name, one.answers["nps"].value) == (asked.pk, None, "", 2)
