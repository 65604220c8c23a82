"""Who may be the same: a few sure signs, put before a person and never acted upon by a program."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from careline.accounts.actor import SYSTEM
from careline.customers import actions, queries, resembling
from careline.customers.identities import Given
from careline.customers.models import Identity, Merge, Person, Suggestion
from careline.customers.reactions import look_for_the_same
from careline.kit import contacts, text
from careline.kit.refusals import Conflicting, NotAllowed, NotVisible
from careline.touchpoints import Moment, moments
from careline.touchpoints.models import Touchpoint
from careline.touchpoints.subscribers.registry import registered

pytestmark = pytest.mark.django_db


@pytest.fixture
def make(organization):
    def make(name: str, *names: tuple[str, str] | tuple[str, str, str]) -> Person:
        person = Person.objects.create(name=name, search=text.fold(name))
        for kind, value, *scope in names:
            Identity.objects.create(person=person, kind=kind, value=value, original=value, scope="".join(scope))
        return person

    return make


def told() -> list[Moment]:
    kinds = ["customer.identified", "conversation.opened"]
    rows = Touchpoint.objects.filter(kind__in=kinds).order_by("id").values_list(*moments.COLUMNS)
    return [Moment(*row) for row in rows]


def waiting() -> list[tuple[int, int, list[str]]]:
    return list(Suggestion.objects.open().order_by("pk").values_list("one", "other", "evidence"))


@pytest.mark.parametrize(
    ("mine", "theirs", "evidence"),
    [
        (("email", "lin@harbor.example"), ("email", "l.okafor@harbor.example"), ["name"]),
        (("email", "lin.okafor@gmail.com"), ("email", "lin.okafor@yahoo.com"), ["name"]),
        (("email", "lin@gmail.com"), ("email", "okafor@gmail.com"), []),
        (("email", "info@one.example"), ("email", "info@two.example"), []),
        (("phone", "+442071838750"), ("phone", "+12071838750"), ["phone"]),
        (("phone", "+442071838750"), ("phone", "+442071838751"), []),
        (("phone", "+4712345678"), ("phone", "+4512345678"), []),
        (("external", "cust-00017", "inbox:1"), ("external", "cust-00017", "inbox:2"), ["external"]),
        (("external", "lin@harbor.example", "inbox:1"), ("email", "lin@harbor.example"), ["external"]),
        (("external", "10017", "inbox:1"), ("external", "10017", "inbox:2"), []),
        (("visitor", "0123456789abcdef", "inbox:1"), ("visitor", "0123456789abcdef", "inbox:2"), []),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_what_speaks_for_two_being_one(make, mine, theirs, evidence, turned):
    one, other = make("Lin Okafor", mine), make("Lin Okafor", theirs)
    actions.suggest([(other if turned else one).pk])
    assert waiting() == ([(one.pk, other.pk, evidence)] if evidence else [])


def test_a_name_alone_and_a_single_word_say_nothing(make):
    make("Lin Okafor", ("email", "lin@one.example"))
    make("Lin", ("email", "lin@three.example"))
    for person in (make("Lin Okafor", ("email", "okafor@two.example")), make("Lin", ("email", "l@three.example"))):
        actions.suggest([person.pk])
    assert waiting() == []


def test_a_name_that_many_bear_says_nothing(make):
    namesakes = [make("Lin Okafor", ("email", f"lin{n}@harbor.example")) for n in range(resembling.COMMON)]
    actions.suggest([namesakes[0].pk])
    assert len(waiting()) == resembling.COMMON - 1
    Suggestion.objects.all().delete()
    last = make("Lin Okafor", ("email", "lin@harbor.example"))
    actions.suggest([last.pk, namesakes[3].pk])
    assert waiting() == []


def test_numbers_are_compared_without_their_countries():
    assert contacts.same_subscriber("+442071838750", "+12071838750")
    assert not contacts.same_subscriber("+442071838750", "+12071838751")
    assert not contacts.same_subscriber("+4712345678", "+4512345678"), "short numbers are alike by chance"
    assert not contacts.same_subscriber("", "+4512345678")


def test_further_evidence_joins_what_is_there(make, bo):
    one = make("Lin Okafor", ("email", "lin@harbor.example"))
    other = make("Lin Okafor", ("email", "l@harbor.example"), ("phone", "+12071838750"))
    actions.suggest([one.pk])
    actions.add_identity(one.pk, Given("phone", "020 7183 8750"), actor=bo)
    actions.suggest([one.pk, other.pk])
    assert waiting() == [(one.pk, other.pk, ["name", "phone"])]
    assert actions.suggest([one.pk, other.pk]) == 0


def test_a_new_name_is_looked_at_from_the_line(make, bo, line_of):
    one = make("Lin Okafor", ("phone", "+12071838750"))
    other = actions.find_or_create([Given("email", "lin@harbor.example")], actor=bo, name="Lin").person
    actions.add_identity(other.pk, Given("phone", "020 7183 8750"), actor=bo)
    assert [moment.facts for moment in line_of(other.pk)] == [{"kinds": ["email"]}, {"kinds": ["phone"]}]
    look_for_the_same(told())
    assert waiting() == [(one.pk, other.pk, ["phone"])]
    [subscriber] = [one for one in registered() if one.react is look_for_the_same]
    assert subscriber.kinds == {"customer.identified", "conversation.opened"}


def test_nothing_new_is_no_news(ada, bo, line_of):
    actions.find_or_create([Given("email", "ada@example.com")], actor=bo)
    actions.add_identity(ada.pk, Given("email", "ada@example.com"), actor=bo)
    assert line_of(ada.pk) == []


def test_who_is_one_already_or_erased_is_not_suggested(make, bo, boss):
    one, other = make("A", ("phone", "+442071838750")), make("B", ("phone", "+12071838750"))
    entry = actions.merge(one.pk, other.pk, actor=bo)
    assert actions.suggest([one.pk, other.pk]) == 0
    actions.split(entry.pk, actor=bo)
    assert actions.suggest([one.pk]) == 1
    actions.erase(other.pk, actor=boss)
    assert waiting() == []
    assert actions.suggest([one.pk, other.pk]) == 0


def test_a_merge_takes_the_suggestion_and_its_evidence(make, bo):
    one, other = make("A", ("phone", "+442071838750")), make("B", ("phone", "+12071838750"))
    actions.suggest([one.pk])
    assert queries.suggested(bo) == 1
    entry = actions.merge(other.pk, one.pk, actor=bo)
    assert entry.evidence == ["phone"]
    taken = Suggestion.objects.get()
    assert (taken.state, taken.decided_by_id) == ("taken", bo.id)
    # Parted again, nobody is asked what they have just answered.
    actions.split(entry.pk, actor=bo)
    assert actions.suggest([one.pk, other.pk]) == 0
    assert queries.suggestions(bo) == []


def test_two_who_are_two_are_not_asked_about_again(make, bo, hire):
    one, other = make("A", ("phone", "+442071838750")), make("B", ("phone", "+12071838750"))
    guest = make("", ("external", "cust-00017", "inbox:1"))
    actions.suggest([one.pk])
    [found] = queries.suggestions(bo)
    assert ([found.one.pk, found.other.pk], found.evidence) == ([one.pk, other.pk], ["phone"])
    for actor, refusal in ((hire("Nia Works", role="analyst").as_actor(), NotAllowed), (bo, NotVisible)):
        with pytest.raises(refusal):
            actions.dismiss(found.pk if refusal is NotAllowed else 424242, actor=actor)
    # Whatever they are joined to meanwhile.
    actions.merge(guest.pk, other.pk, actor=bo)
    assert queries.suggestions(bo)[0].other.pk == guest.pk
    actions.dismiss(found.pk, actor=bo)
    assert queries.suggestions(bo) == []
    assert queries.suggestion(bo, found.pk).state == "dismissed"
    with pytest.raises(Conflicting):
        actions.dismiss(found.pk, actor=bo)
    assert actions.suggest([one.pk, other.pk]) == 0


def test_a_program_suggests_and_joins_nobody(make):
    one, other = make("Lin Okafor", ("email", "lin@a.example")), make("Lin Okafor", ("email", "l@a.example"))
    Identity.objects.update(verified=True)
    actions.suggest([one.pk, other.pk])
    assert len(waiting()) == 1
    assert not Merge.objects.exists()
    assert queries.suggested(SYSTEM) == 1


def test_the_newest_come_first_page_by_page(make, bo):
    for n in range(4):
        one = make("A", ("phone", f"+4420718387{n:02}"))
        make("B", ("phone", f"+120718387{n:02}"))
        actions.suggest([one.pk])
    rows = queries.suggestions(bo)
    pages = [queries.suggestions(bo, limit=3), queries.suggestions(bo, before=rows[2].pk, limit=3)]
    assert [one.pk for page in pages for one in page] == [one.pk for one in rows]
    assert [one.pk for one in rows] == sorted((one.pk for one in rows), reverse=True)


def test_a_batch_is_two_statements_and_walks_through_nobody(make, django_assert_num_queries):
    people = [make(f"Lin Okafor {n}", ("email", f"l{n}@a.example"), ("phone", f"+4420718387{n:02}")) for n in range(9)]
    with django_assert_num_queries(1):
        actions.suggest([one.pk for one in people])
    # Enough others that a look at everybody would cost more, and statistics of our own making.
    others = Person.objects.bulk_create(Person(name=f"Oda {n} Lin", search=f"oda{n} lin") for n in range(4000))
    Identity.objects.bulk_create(
        Identity(person=one, kind=kind, value=value, original=value)
        for n, one in enumerate(others)
        for kind, value in (("email", f"oda{n}@b.example"), ("phone", f"+4930{n:07}"))
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE customers_person")
        cursor.execute("ANALYZE customers_identity")
        words = resembling.ALIKE.text
        for place in range(len(resembling.ALIKE.names), 0, -1):
            words = words.replace(f"${place}", f"%({resembling.ALIKE.names[place - 1]})s")
        given = {"people": [one.pk for one in people], "providers": ["gmail.com"], "roles": ["info"], "common": 12}
        cursor.execute(f"EXPLAIN {words.replace(chr(39) + '% %' + chr(39), chr(39) + '%% %%' + chr(39))}", given)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    # Those who are found in the end may be fetched in any way; the looks for them are short ones.
    assert "Seq Scan on customers_person q" not in plan, plan
    assert "Seq Scan on customers_identity" not in plan, plan
    for index in ("identity_by_number", "identity_by_value", "person_by_whole_name"):
        assert index in plan, plan


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "open", "decided_at": "2026-01-01T00:00:00Z"}, {"state": "dismissed"}, {"state": "maybe"},
        {"evidence": []}, {"turned": True},
    ],
)  # fmt: skip
def test_the_database_refuses_what_is_no_suggestion(make, wrong):
    pair = [make("A"), make("B")]
    if wrong.pop("turned", False):
        pair.reverse()
    with pytest.raises(IntegrityError), transaction.atomic():
        Suggestion.objects.create(one=pair[0], other=pair[1], **{"evidence": ["name"]} | wrong)
