"""The list of customers narrowed by attributes: as a customer is shown, with words and a segment, page by page."""

from __future__ import annotations

import pytest

from careline.customers import actions, narrowing, queries
from careline.customers.models import Person
from careline.customers.sheets import outgoing
from careline.insights.segments import verbs
from careline.kit import text
from careline.kit.refusals import NotAllowed, Refused

pytestmark = pytest.mark.django_db

VALUES = {
    "Ann": {"plan": "gold", "seats": 3, "since": "2026-01-10", "vip": True, "city": "Oslo 100%"},
    "Bea": {"plan": "free", "seats": 10.5, "since": "2025-12-31", "vip": False, "city": "São Paulo"},
    "Cem": {"seats": 3.0},
    "Dot": {},
}


@pytest.fixture
def known(boss) -> dict[str, int]:
    for name, type, choices in (
        ("plan", "choice", ["gold", "free"]), ("seats", "number", []), ("since", "date", []), ("vip", "boolean", []),
        ("city", "text", []),
    ):  # fmt: skip
        actions.define_attribute(name, name.title(), type, choices, actor=boss)
    rows = [Person(name=name, search=text.fold(name), attributes=values) for name, values in VALUES.items()]
    return {one.name: one.pk for one in Person.objects.bulk_create(rows)}


def found(actor, *where: str, q: str = "", **rest) -> str:
    among = queries.narrowed(actor, where=where)
    return " ".join(sorted(one.name for one in queries.search(actor, q, among=among, **rest)))


@pytest.mark.parametrize(
    ("where", "names"),
    [
        (["plan:is:gold"], "Ann"), (["plan:set"], "Ann Bea"), (["plan:unset"], "Cem Dot"),
        (["seats:is:3"], "Ann Cem"), (["seats:from:3.5"], "Bea"), (["seats:to:3"], "Ann Cem"),
        (["seats:from:3", "seats:to:10"], "Ann Cem"), (["seats:from:-1e3"], "Ann Bea Cem"),
        (["since:from:2026-01-01"], "Ann"), (["since:to:2026-01-10"], "Ann Bea"), (["since:is:2025-12-31"], "Bea"),
        (["vip:is:no"], "Bea"), (["vip:is:yes"], "Ann"),
        (["city:contains:PAUL"], "Bea"), (["city:contains:%"], "Ann"), (["city:contains:_"], ""),
        (["city:is:Oslo"], ""), (["plan:set", "vip:is:no"], "Bea"),
    ],
)  # fmt: skip
def test_of_each_type_is_asked_what_fits_it(known, bo, where, names):
    assert found(bo, *where) == names
    assert [one.word for one in narrowing.read([one.word for one in narrowing.read(where)])] == [
        one.word for one in narrowing.read(where)
    ]


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("", "no attribute"), ("shoe:is:3", "no attribute"), ("plan", "is, set, unset"),
        ("plan:from:a", "can be asked"),
        ("plan:is:iron", "gold, free"), ("seats:from:", "a number"), ("seats:from:nan", "a number"),
        ("seats:is:1e999", "a number"), ("since:to:soon", "a date"), ("vip:is:maybe", "yes or no"),
        ("city:contains:", "City"), ("city:is:a\0", "NUL"), ("plan:set:x", "can be asked"), ("plan\0:set", "no attr"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_in_words(known, bo, word, said):
    with pytest.raises(Refused, match=said) as refusal:
        queries.narrowed(bo, where=[word])
    assert refusal.value.field == "where"


def test_a_joined_customer_is_found_by_what_they_are_shown_with(known, bo):
    actions.merge(known["Dot"], known["Ann"], actor=bo)
    assert [found(bo, one) for one in ("plan:is:gold", "plan:unset", "seats:to:3", "vip:set")] == [
        "Dot", "Cem", "Cem Dot", "Bea Dot",
    ]  # fmt: skip
    # What the one that stands for them says goes before what another id says.
    actions.merge(known["Bea"], known["Dot"], actor=bo)
    assert [found(bo, one) for one in ("plan:is:gold", "plan:is:free", "seats:from:10")] == ["", "Bea", "Bea"]


def test_it_goes_together_with_words_a_segment_and_pages(known, bo, boss):
    rule = {"of": "attribute", "name": "seats", "test": "set"}
    seated = verbs.save("Seated", rule, actor=bo)
    among = queries.narrowed(bo, segment_id=seated.pk, where=["plan:unset"])
    assert [one.name for one in queries.search(bo, among=among)] == ["Cem"]
    assert found(bo, "plan:set", q="be") == "Bea"
    assert "".join(outgoing.as_csv(boss, among=among)).count("\r\n") == 2
    pages, before = [], None
    while page := queries.search(bo, before=before, limit=1, among=queries.narrowed(bo, where=["seats:set"])):
        pages.append(page[0].name)
        before = page[0].pk
    assert pages == ["Cem", "Bea", "Ann"]


def test_few_among_many_of_one_name_are_found_in_few_statements(known, bo, django_assert_max_num_queries):
    people = [Person(name=f"Cem {n}", search=f"cem {n}") for n in range(700)]
    Person.objects.bulk_create(people)
    with django_assert_max_num_queries(10):
        assert found(bo, "seats:set", q="cem", limit=50) == "Cem"


def test_who_may_not_see_customers_asks_nothing(known, bo):
    nobody = type(bo)("agent", bo.id, "An", bo.agent_id, frozenset(), bo.inbox_ids)
    with pytest.raises(NotAllowed):
        queries.narrowed(nobody, where=["plan:set"])
