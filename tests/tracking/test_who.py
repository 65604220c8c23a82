"""Whose an event is: devices, people, and what joins them."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest

from careline.accounts.actor import SYSTEM
from careline.customers import actions as customers
from careline.customers.identities import Given
from careline.customers.models import Company, Identity, Merge, Person, Suggestion, Trait
from careline.touchpoints.models import Touchpoint
from careline.tracking.models import Sighting

pytestmark = pytest.mark.django_db
EARLY, LATE = "2026-03-01T09:00:00Z", "2026-03-02T09:00:00Z"


def page(anonymous="", user="", **more):
    return {"type": "page", "anonymousId": anonymous, "userId": user, **more}


def identify(anonymous="", user="", when=None, **traits):
    return {"type": "identify", "anonymousId": anonymous, "userId": user, "traits": traits, "timestamp": when}


def owner(kind: str, value: str) -> int:
    return Identity.objects.get(kind=kind, value=value).person_id


def everybody() -> int:
    return Person.objects.filter(canonical=None).count()


def test_a_device_is_somebody_from_its_first_page_on(sent, site):
    sent(site, page("a"), page("a"))
    sent(site, page("a"))
    assert everybody() == 1
    assert set(Touchpoint.objects.values_list("person_id", flat=True)) == {owner("visitor", "a")}


@pytest.mark.parametrize("split", [True, False])
def test_who_signs_up_was_there_before(sent, site, split):
    """The device, the sign-up and the order are one person's line, in one batch or in three."""
    events = [
        page("a"),
        identify("a", "u-1", email="Eve@Example.com"),
        {"type": "track", "userId": "u-1", "event": "Order Completed",
         "properties": {"order_id": "A-1", "total": 12.5, "currency": "EUR"}},
    ]  # fmt: skip
    for batch in [[one] for one in events] if split else [events]:
        sent(site, *batch)
    assert everybody() == 1
    person = owner("external", "u-1")
    assert owner("visitor", "a") == owner("email", "eve@example.com") == person
    moments = Touchpoint.objects.filter(person_id=person, source__startswith="source:").order_by("id")
    assert [one.kind for one in moments] == ["page.viewed", "customer.described", "order.placed"]


def test_a_second_device_of_somebody_known_is_joined_and_keeps_its_moments(sent, site, who):
    sent(site, identify("phone", "u-1"))
    sent(site, page("laptop"))
    before = owner("visitor", "laptop")
    sent(site, page("laptop", "u-1"))
    assert who(before) == owner("external", "u-1")
    [entry] = Merge.objects.all()
    assert (entry.actor_kind, entry.evidence) == ("system", ["visitor"])
    # What the device did before stays written under its own id, so that the merge can be undone.
    assert Touchpoint.objects.filter(kind="page.viewed", person_id=before).count() == 1
    sent(site, page("laptop"))
    assert Touchpoint.objects.filter(kind="page.viewed", person_id=before).count() == 2
    customers.split(entry.pk, actor=SYSTEM)
    assert who(before) == before


def test_a_new_name_is_told_to_who_looks_for_the_same(sent, site):
    sent(site, page("a"), identify("a", "u-1", email="one@example.com"))
    [told] = Touchpoint.objects.filter(kind="customer.identified")
    assert (told.person_id, told.facts) == (owner("external", "u-1"), {"kinds": ["email", "external"]})
    sent(site, identify("a", "u-1", email="one@example.com"))
    assert Touchpoint.objects.filter(kind="customer.identified").count() == 1


def test_a_shared_device_joins_nobody(sent, site, who):
    sent(site, identify("tablet", "u-1"), identify("tablet", "u-2"), page("tablet", "u-2"), page("tablet"))
    one, two = owner("external", "u-1"), owner("external", "u-2")
    assert who(one) != who(two)
    kinds = {(moment.kind, moment.person_id) for moment in Touchpoint.objects.all()}
    assert ("page.viewed", two) in kinds
    # Without a name it is whoever claimed the device first.
    assert owner("visitor", "tablet") == one
    assert Merge.objects.count() == 0


def test_an_address_joins_what_nobody_proved(sent, site, who):
    """Somebody wrote by mail, unproved, and now signs up on the site."""
    wrote = customers.find_or_create([Given("email", "fay@example.com")], actor=SYSTEM, name="Fay").person
    sent(site, page("a"), identify("a", "u-9", email="fay@example.com"))
    assert who(owner("external", "u-9")) == who(wrote.pk)
    assert everybody() == 1


def test_a_page_cannot_claim_a_proved_address(sent, site, ada, who):
    sent(site, identify("a", "u-9", email="ada@example.com"))
    assert who(owner("external", "u-9")) != ada.pk
    [sighting] = Sighting.objects.all()
    assert (sighting.outcome, sighting.field, sighting.reason) == ("accepted", "traits.email", "apart")
    assert Merge.objects.count() == 0


def test_two_who_proved_themselves_are_not_joined_by_a_machine(sent, shop, ada, who):
    sent(shop, identify("", "u-9", phone="+44 20 7183 8751"))
    sent(shop, identify("", "u-9", email="ada@example.com"))
    assert who(owner("external", "u-9")) != ada.pk
    assert Merge.objects.count() == 0


def test_a_server_may_say_whose_a_proved_address_is_of_somebody_new(sent, shop, ada):
    sent(shop, identify("", "u-9", email="ada@example.com"))
    assert owner("external", "u-9") == ada.pk
    assert Merge.objects.count() == 0


def test_what_a_server_says_is_proved_and_what_a_page_says_is_not(sent, shop, site):
    sent(shop, identify("", "u-1", email="a@example.com"))
    sent(site, identify("d", "u-2", email="b@example.com"))
    assert dict(Identity.objects.values_list("value", "verified")) == {
        "u-1": True, "a@example.com": True, "u-2": False, "b@example.com": False, "d": False,
    }  # fmt: skip
    sent(shop, identify("", "u-2", email="b@example.com"))
    assert Identity.objects.get(value="b@example.com").verified


def test_different_customer_numbers_with_one_address_stay_two(sent, site, who):
    sent(site, identify("", "u-1", email="family@example.com"), identify("", "u-2", email="family@example.com"))
    assert who(owner("external", "u-1")) != who(owner("external", "u-2"))
    assert owner("email", "family@example.com") == owner("external", "u-1")


def test_what_is_no_address_is_left_out_and_said(sent, site):
    sent(site, identify("a", "u", email="not an address", phone="x", plan="pro"))
    assert set(Identity.objects.values_list("kind", flat=True)) == {"visitor", "external"}
    [sighting] = Sighting.objects.all()
    assert (sighting.outcome, sighting.reason) == ("accepted", "no_address")


def test_an_alias_brings_a_device_to_its_person(sent, site, who):
    sent(site, page("old"), identify("", "u-1"))
    sent(site, {"type": "alias", "previousId": "old", "userId": "u-1"})
    assert who(owner("visitor", "old")) == owner("external", "u-1")


def test_an_alias_of_a_page_joins_no_two_numbers(sent, site, who):
    sent(site, identify("", "u-1"), identify("", "u-2"))
    sent(site, {"type": "alias", "previousId": "u-1", "userId": "u-2"})
    assert who(owner("external", "u-1")) != who(owner("external", "u-2"))
    assert Sighting.objects.filter(field="previousId", reason="apart").count() == 1


def test_traits_keep_the_newest_whatever_order_they_come_in(sent, shop):
    sent(shop, identify("", "u", when=LATE, plan="pro", seats=5))
    sent(shop, identify("", "u", when=EARLY, plan="free", city="Oslo"))
    person = owner("external", "u")
    assert dict(Trait.objects.filter(person=person).values_list("name", "value")) == {
        "plan": "pro", "seats": 5, "city": "Oslo",
    }  # fmt: skip
    trait = Trait.objects.get(person=person, name="plan")
    assert (trait.at, trait.source) == (datetime(2026, 3, 2, 9, tzinfo=UTC), f"source:{shop.pk}")


def test_a_name_is_taken_from_traits_where_there_is_none(sent, shop, ada):
    sent(shop, identify("", "u-1", firstName="Gus", lastName="Iqbal"), identify("", "u-2", name="Hal"))
    assert set(Person.objects.exclude(pk=ada.pk).values_list("name", "search")) == {
        ("Gus Iqbal", "gus iqbal"), ("Hal", "hal"),
    }  # fmt: skip
    sent(shop, identify("", "u-2", name="Somebody Else"))
    assert Person.objects.filter(name="Hal").count() == 1


def test_a_group_is_a_company_and_a_moment(sent, shop):
    sent(shop, {"type": "group", "userId": "u", "groupId": "acme", "traits": {"name": "Acme", "seats": 3}})
    person = owner("external", "u")
    acme = Company.objects.get(external="acme")
    assert (acme.name, [one.person_id for one in acme.members.all()]) == ("Acme", [person])
    assert dict(acme.traits.values_list("name", "value")) == {"name": "Acme", "seats": 3}
    assert set(acme.traits.values_list("source", flat=True)) == {f"source:{shop.pk}"}
    [moment] = Touchpoint.objects.filter(person_id=person, source__startswith="source:")
    assert (moment.kind, moment.facts) == ("group.joined", {"group": "acme", "label": "Acme"})


def test_a_repeated_event_makes_nobody(sent, site):
    sent(site, page("a", messageId="m-1"))
    customers.erase(owner("visitor", "a"), actor=SYSTEM)
    assert not Identity.objects.exists()
    taken = sent(site, page("a", messageId="m-1"))
    assert (taken.accepted, taken.repeated) == (0, 1)
    assert not Identity.objects.exists()


def test_who_was_erased_is_somebody_new(sent, site):
    sent(site, identify("a", "u", name="Ida", plan="pro"))
    before = owner("external", "u")
    customers.erase(before, actor=SYSTEM)
    assert not Sighting.objects.filter(raw__contains="Ida").exists()
    sent(site, page("a", "u"))
    assert owner("external", "u") != before


def test_the_order_of_a_story_does_not_change_who_is_who(sent, site, who):
    """Every order of the same events ends with the same customers, as long as none of them is shared."""
    story = [
        page("a"), page("b"), identify("a", "u-1", email="one@example.com"), page("b", "u-1"),
        identify("c", "u-2"), page("c"), {"type": "alias", "previousId": "d", "userId": "u-2"}, page("d"),
    ]  # fmt: skip
    chance = random.Random(5)
    for n in range(12):
        events = [
            {**one, **{key: f"{one[key]}-{n}" for key in ("anonymousId", "userId", "previousId") if one.get(key)}}
            for one in chance.sample(story, len(story))
        ]
        for one in events:
            if one.get("traits"):
                one["traits"] = {"email": f"one{n}@example.com"}
        cut = chance.randrange(len(events))
        for batch in (events[:cut], events[cut:]):
            if batch:
                sent(site, *batch)
        one, two = who(owner("external", f"u-1-{n}")), who(owner("external", f"u-2-{n}"))
        assert one != two
        assert {who(owner("visitor", f"{name}-{n}")) for name in "ab"} == {one}
        assert {who(owner("visitor", f"{name}-{n}")) for name in "cd"} == {two}


def test_a_claim_between_two_who_proved_themselves_is_put_before_a_person(sent, shop, ada):
    sent(shop, identify("", "u-9", email="nine@example.com"))
    sent(shop, identify("", "u-9", email="ada@example.com"))
    [asked] = Suggestion.objects.all()
    assert {asked.one_id, asked.other_id} == {ada.pk, owner("external", "u-9")}
    assert asked.evidence == ["email"]
    assert not Merge.objects.exists()
