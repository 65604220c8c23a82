"""Finding people by whatever one has in hand."""

from __future__ import annotations

import random
import string

import phonenumbers
import pytest
from django.db import connection
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from careline.accounts.actor import Actor
from careline.customers import actions, queries, searching
from careline.customers.identities import Given, known
from careline.customers.models import Identity, Person
from careline.kit import text
from careline.kit.refusals import NotAllowed, Refused

pytestmark = pytest.mark.django_db
PROPERTY = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)


def named(*names: str) -> list[Person]:
    return Person.objects.bulk_create([Person(name=name, search=text.fold(name)) for name in names])


FINDS_ADA = [
    "Ada", "ada", "ÀDÁ", "mor", "Moreau Ada", "  ada   m ", "a m", "ada@example.com", "ADA@EXAMPLE.COM", "ada@",
    "Ada@Ex", "020 7183 8750", "(020) 7183-8750", "+442071838750", "+44 20 7183 8750", "442071838750", "+4420",
    "02071838750", "020.7183.8750",
]  # fmt: skip
FINDS_OTHERS = [
    "da", "Adam", "ada hopper", "@example.com", "_da@", "%", "ada%@", "999 9999 9999", "'", "\\", "☃", "a@b", "+1", "´",
]  # fmt: skip


def test_ada_is_found_by_all_this_and_not_by_that(ada, bo):
    [grace, _zoe] = named("Grace Hopper", "Zoë Ada-Marie")
    for q in FINDS_ADA:
        found = queries.search(bo, q)
        assert ada in found, q
        assert grace not in found, q
    for q in FINDS_OTHERS:
        assert ada not in queries.search(bo, q), q


def test_a_number_is_of_the_organizations_country(organization, bo):
    organization.country = "ID"
    organization.save()
    person = actions.find_or_create([Given("phone", "0812-3456-7890")], actor=bo).person
    for q in ("+6281234567890", "+62 812 3456 7890", "0812 3456 7890", "+62812", "62 812 3456 7890"):
        assert queries.search(bo, q) == [person], q


def test_an_id_from_elsewhere_finds_whole(organization, bo):
    person = actions.find_or_create([Given("external", "ORD_7%", scope="inbox:3")], actor=bo).person
    assert queries.search(bo, "ORD_7%") == [person]
    assert queries.search(bo, "ORD_7") == []
    assert queries.search(bo, "ORDX7%") == []


def test_pages_put_together_are_everybody_once_newest_first(organization, bo):
    people = named(*(f"Maria {n}" for n in range(57)), *(f"Other {n}" for n in range(5)))
    for q, wanted in (("", 62), ("mar", 57)):
        pages: list[Person] = []
        before = None
        while page := queries.search(bo, q, before=before, limit=10):
            pages += page
            before = page[-1].pk
        assert len(pages) == wanted
        assert pages == sorted(pages, key=lambda one: -one.pk)
    assert pages[0] == people[56]


def test_the_erased_are_not_found(ada, boss):
    actions.erase(ada.pk, actor=boss)
    for q in ("", "ada", "ada@example.com", "+442071838750"):
        assert queries.search(boss, q) == []


def test_who_may_not_see_customers_does_not_search(ada):
    for actor in (Actor(kind="agent", id=9, name="x", agent_id=9), Actor.customer(ada.pk, 1)):
        with pytest.raises(NotAllowed):
            queries.search(actor, "ada")


def test_identities_and_joined_ids_come_along(ada, bo, django_assert_num_queries):
    named(*(f"Ada {n}" for n in range(20)))
    with django_assert_num_queries(4):
        found = queries.whole(queries.search(bo, "ada"))
    assert [len(one.identities) for one in found][-1] == 2


@pytest.mark.parametrize("q", ["a\0", "x" * 301, "\ud800"])
def test_what_cannot_be_searched_is_refused_in_words(organization, bo, q):
    with pytest.raises(Refused):
        queries.search(bo, q)


@PROPERTY
@given(name=st.text(min_size=1, max_size=60))
def test_a_name_is_found_by_the_beginnings_of_its_words_in_any_order(bo, name):
    assume("\0" not in name)
    words = text.fold(name).split()
    assume(words)
    [person] = named(name)
    chance = random.Random(len(name))
    asked = [word[: chance.randint(1, len(word))] for word in words[: searching.WORDS_LIMIT]]
    chance.shuffle(asked)
    q = " ".join(asked)
    assume(len(q) <= searching.LIMIT)
    assert person in queries.search(bo, q)
    assert person in queries.search(bo, name.upper()[: searching.LIMIT]) or len(text.fold(name.upper()).split()) != len(
        words
    )


@PROPERTY
@given(
    region=st.sampled_from(["GB", "ID", "DE", "US", "IN", "BR", "JP", "EG"]),
    form=st.sampled_from(list(range(3))),
    seed=st.integers(0, 10_000),
)
def test_one_number_in_every_format_is_one_identity(organization, bo, region, form, seed):
    chance = random.Random(seed)
    number = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
    digits = str(number.national_number)
    number.national_number = int(digits[:-4] + "".join(chance.choice(string.digits) for _ in range(4)))
    assume(phonenumbers.is_possible_number(number))
    organization.country = region
    organization.save()
    written = phonenumbers.format_number(number, form)
    other = "".join(chance.choice(" -./()") if c in " -" and chance.random() < 0.7 else c for c in written)
    one, two = known(Given("phone", written)), known(Given("phone", f"  {other}"))
    assert one.value == two.value == phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    person = actions.find_or_create([Given("phone", written)], actor=bo).person
    for q in (written, other, one.value, one.value[1:]):
        assert person in queries.search(bo, q), q


@PROPERTY
@given(
    local=st.from_regex(r"[a-zA-Z0-9_äöüßÉ+'-]{1,20}", fullmatch=True),
    domain=st.from_regex(r"[a-zA-Z0-9]{1,10}\.(com|ORG|co\.uk)", fullmatch=True),
    before=st.sampled_from(["", " ", "\t"]),
)
def test_an_address_in_any_case_is_one_identity(organization, bo, local, domain, before):
    written = f"{before}{local}@{domain}"
    made = actions.find_or_create([Given("email", written)], actor=bo)
    person = made.person
    for other in (written.upper(), written.lower(), written.strip(), f"{written} "):
        assert actions.find_or_create([Given("email", other)], actor=bo).person == person
        assert person in queries.search(bo, other)
    assert not made.created or Identity.objects.get(person=person).original == written


def plan_of(q: str) -> str:
    statement, values = searching.asked(q, before=None, limit=50)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {statement}", values)
        return "\n".join(line for (line,) in cursor.fetchall())


def test_each_meaning_of_a_search_has_its_index(organization, bo):
    chance = random.Random(5)
    names = [
        "".join(chance.choices("abcdefghijklmnop", k=6)) + " " + "".join(chance.choices("qrstuvwxyz", k=6))
        for _ in range(3000)
    ]
    people = named(*names)
    Identity.objects.bulk_create(
        Identity(person=one, kind="email", value=f"{one.search.replace(' ', '.')}{one.pk}@example.com", original="x")
        for one in people
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE customers_person")
        cursor.execute("ANALYZE customers_identity")
    by_name = plan_of(names[7])
    assert "person_by_name" in by_name
    assert "Seq Scan" not in by_name, by_name
    assert "identity_by_value" in plan_of("abc@example.com")
    assert "Seq Scan" not in plan_of("abc@example.com")
    assert "Seq Scan" not in plan_of("+4420718387")
