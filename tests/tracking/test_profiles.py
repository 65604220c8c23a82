"""Columns of a warehouse brought onto profiles: what changes, what stays as it is, what is refused and why."""

from __future__ import annotations

from pathlib import Path

import pytest

from careline.accounts.actor import SYSTEM
from careline.customers import actions as customers
from careline.customers import queries as people
from careline.customers.models import AttributeDefinition, Identity, Person
from careline.insights.segments import keeping, verbs
from careline.kit.refusals import NotAllowed, Refused
from careline.touchpoints.models import Touchpoint
from careline.tracking import actions, queries
from careline.tracking.importing import running
from careline.tracking.models import Import
from tests.tracking.warehouse import HEADER, ROWS, bring, counts, known_as, values

pytestmark = pytest.mark.usefixtures("organization")


def described() -> int:
    return Touchpoint.objects.filter(kind="customer.described").count()


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "customers.csv"
    path.write_text(HEADER + "".join(ROWS))
    return path


def test_columns_become_attributes_of_those_who_are_known(table):
    customers.define_attribute("plan", "Plan", "choice", ["free", "gold"], actor=SYSTEM)
    one, two = known_as("c1", "c2")
    done = bring(table)
    assert (counts(done), done.made, done.source) == ((2, 2, 0, 0), 0, None)
    assert values(one) == {
        "plan": "gold", "ltv": 120.5, "churn_score": 0.25, "first_seen": "2026-03-02", "vip": True,
    }  # fmt: skip
    assert values(two)["vip"] is False
    made = dict(AttributeDefinition.objects.values_list("name", "type"))
    assert made == {
        "plan": "choice", "ltv": "number", "churn_score": "number", "first_seen": "date", "vip": "boolean",
    }  # fmt: skip
    assert AttributeDefinition.objects.get(name="churn_score").label == "Churn score"
    [plan] = [row for row in people.provenance(SYSTEM, one) if row.field == "attribute:plan"]
    assert (plan.value, plan.source) == ("gold", f"import:{done.pk}")
    assert queries.import_names(SYSTEM, [done.pk]) == {done.pk: "customers.csv"}


def test_the_same_again_changes_nothing_and_what_was_before_may_come_back(table):
    one, two = known_as("c1", "c2")
    first = bring(table)
    before = Person.objects.raw("SELECT id, xmin::text AS version FROM customers_person ORDER BY id")
    versions = [row.version for row in before]
    assert counts(bring(table)) == (2, 0, 2, 0)
    after = Person.objects.raw("SELECT id, xmin::text AS version FROM customers_person ORDER BY id")
    assert [row.version for row in after] == versions
    assert described() == 2
    table.write_text(HEADER + ROWS[0].replace("gold", "free") + ROWS[1])
    assert counts(bring(table)) == (2, 1, 1, 0)
    table.write_text(HEADER + "".join(ROWS))
    last = bring(table)
    assert counts(last) == (2, 1, 1, 0)
    assert values(one)["plan"] == "gold"
    said = {row.field: row.source for row in people.provenance(SYSTEM, one)}
    assert (said["attribute:plan"], said["attribute:ltv"]) == (f"import:{last.pk}", f"import:{first.pk}")
    assert {row.source for row in people.provenance(SYSTEM, two)} == {f"import:{first.pk}"}


def test_nobody_known_is_refused_unless_they_are_to_be_made(table):
    known_as("c1")
    done = bring(table)
    assert counts(done) == (2, 1, 0, 1)
    assert list(queries.refused_lines(SYSTEM, done.pk)) == [(3, "customer_id", "names nobody known")]
    assert Person.objects.count() == 1
    done = bring(table, new_customers=True)
    assert (counts(done), done.made) == ((2, 1, 1, 0), 1)
    fresh = Identity.objects.get(value="c2")
    assert (fresh.verified, values(fresh.person_id)["plan"]) == (False, "free")
    assert counts(bring(table, new_customers=True)) == (2, 0, 2, 0)
    assert Person.objects.count() == 2


def test_the_last_row_of_a_customer_holds_also_under_another_id(table, monkeypatch):
    monkeypatch.setattr(running, "PIECE", 2)
    one, two, three = known_as("c1", "c2", "c3")
    customers.merge(one, three, actor=SYSTEM)
    table.write_text(HEADER + ROWS[0] + ROWS[1] + "c3,silver,,,,\n" + ROWS[1].replace("free", "basic"))
    done = bring(table)
    assert (counts(done), done.superseded) == ((4, 2, 0, 0), 2)
    # The one who stands for both has it, and what the earlier row said is not taken.
    assert values(one) == {"plan": "silver"}
    assert values(three) == {}
    assert values(two)["plan"] == "basic"
    again = bring(table)
    assert (counts(again), again.superseded) == ((4, 0, 2, 0), 2)


def test_an_empty_cell_leaves_the_value_or_takes_it_away(table):
    one, other = known_as("c1", "c9")
    bring(table)
    customers.set_attributes(other, {"plan": "old"}, actor=SYSTEM)
    customers.merge(one, other, actor=SYSTEM)
    table.write_text(HEADER + "c1,,120.50, ,2026-03-02,true\n")
    assert counts(bring(table)) == (1, 0, 1, 0)
    assert values(one)["plan"] == "gold"
    assert counts(bring(table, clear_empty=True)) == (1, 1, 0, 0)
    assert set(values(one)) == {"ltv", "first_seen", "vip"}
    # Nor does it shine through from the other id.
    assert values(other) == {}
    assert "attribute:plan" not in {row.field for row in people.provenance(SYSTEM, one)}
    assert counts(bring(table, clear_empty=True)) == (1, 0, 1, 0)


def test_columns_go_to_what_there_is_by_name_or_label_and_the_next_night_as_the_last(table):
    customers.define_attribute("lifetime_value", "LTV", "number", actor=SYSTEM)
    customers.define_attribute("vip", "Of a talk", "boolean", of="conversation", actor=SYSTEM)
    guess = queries.look(table).guess
    assert (guess["form"], guess["person"], guess["person_kind"]) == ("profiles", "customer_id", "external")
    into = {one["column"]: one["attribute"] for one in guess["attributes"]}
    assert into == {
        "plan": "plan", "ltv": "lifetime_value", "churn score": "churn_score", "first seen": "first_seen",
        "vip": "vip_2",
    }  # fmt: skip
    known_as("c1", "c2")
    some = [one for one in guess["attributes"] if one["column"] in ("plan", "ltv")]
    bring(table, attributes=some, new_customers=True)
    again = queries.look(table).guess
    assert [one["column"] for one in again["attributes"]] == ["plan", "ltv"]
    assert (again["left_out"], again["new_customers"]) == (["churn score", "first seen", "vip"], True)


def test_a_preview_says_what_would_become_of_the_first_rows_and_writes_nothing(table):
    known_as("c1")
    customers.define_attribute("plan", "Plan", "text", actor=SYSTEM)
    person = Person.objects.get()
    customers.set_attributes(person.pk, {"plan": "free"}, actor=SYSTEM)
    before = described()
    wanted = queries.columns(queries.look(table).guess)
    look = queries.tried(table, wanted)
    assert (look.looked, look.good) == (2, 1)
    changed, refused = look.trials
    assert (changed.row, changed.who, changed.became) == (2, "c1", "changed")
    assert [(one.label, one.before, one.after) for one in changed.changes][:2] == [
        ("Plan", "free", "gold"), ("Ltv", None, 120.5),
    ]  # fmt: skip
    assert (refused.row, refused.field, refused.why) == (3, "customer_id", "names nobody known")
    wanted.new_customers = True
    assert [one.became for one in queries.tried(table, wanted).trials] == ["changed", "new"]
    table.write_text(HEADER + ROWS[0] + "".join(ROWS))
    assert [one.became for one in queries.tried(table, wanted).trials] == ["earlier", "changed", "new"]
    assert (described(), Person.objects.count(), AttributeDefinition.objects.count()) == (before, 1, 1)


def test_whoever_is_killed_in_the_middle_goes_on_behind_what_landed(tmp_path, monkeypatch):
    monkeypatch.setattr(running, "PIECE", 10)
    path = tmp_path / "long.csv"
    path.write_text("customer_id,score\n" + "".join(f"c{n % 40},{n}\n" for n in range(95)))

    def die(now: Import) -> None:
        if now.read == 60:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bring(path, die, new_customers=True)
    assert Import.objects.get().read == 60
    done = bring(path, new_customers=True)
    assert (counts(done), done.superseded, done.made) == ((95, 40, 0, 0), 55, 40)
    scores = {name: values(person)["score"] for name, person in Identity.objects.values_list("value", "person_id")}
    assert scores == {f"c{n % 40}": n for n in range(55, 95)}
    assert Import.objects.count() == 1


def test_an_attribute_that_is_taken_away_meanwhile_ends_it(tmp_path, monkeypatch):
    monkeypatch.setattr(running, "PIECE", 1)
    path = tmp_path / "a.csv"
    path.write_text("customer_id,score\nc1,1\nc2,2\n")
    one, _two = known_as("c1", "c2")

    def drop(now: Import) -> None:
        if now.read == 1:
            customers.drop_attribute("score", actor=SYSTEM)

    done = bring(path, drop)
    assert (done.state, done.error) == ("failed", "An attribute that these rows become was taken away meanwhile.")
    assert values(one) == {}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"person": ""}, "person"), ({"person": "nobody"}, "person"), ({"person_kind": "visitor"}, "person_kind"),
        ({"attributes": []}, "attributes"), ({"zone": "Mars"}, "zone"),
        ({"attributes": [{"column": "who", "attribute": "a", "type": "text"}]}, "attributes"),
        ({"attributes": [{"column": "plan", "attribute": "a"}]}, "attributes"),
        ({"attributes": [{"column": "plan", "attribute": "A b", "type": "text"}]}, "attributes"),
        ({"attributes": [{"column": "plan", "attribute": "a", "type": "choice"}]}, "attributes"),
        ({"attributes": [{"column": "plan", "attribute": "talk", "type": "text"}]}, "attributes"),
        ({"attributes": [{"column": "plan", "attribute": "seats", "type": "text"}]}, "attributes"),
        ({"attributes": [{"column": one, "attribute": "seats"} for one in ("plan", "ltv")]}, "attributes"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_before_anything_is_made(table, given, field):
    customers.define_attribute("talk", "Talk", "text", of="conversation", actor=SYSTEM)
    customers.define_attribute("seats", "Seats", "number", actor=SYSTEM)
    with pytest.raises(Refused) as refused:
        bring(table, **given)
    assert refused.value.field == field
    assert not Import.objects.exists()
    assert AttributeDefinition.objects.count() == 2


def test_only_who_may_change_house_and_customers_brings_them(table, bo):
    with pytest.raises(NotAllowed):
        actions.import_file(table, queries.columns(queries.look(table).guess), actor=bo, told=lambda _now: None)
    assert not AttributeDefinition.objects.exists()


def test_what_was_brought_narrows_lists_and_segments(table):
    one, _two = known_as("c1", "c2")
    asked = {"of": "attribute", "name": "churn_score", "test": "at_most", "value": 0.5}
    rule = {"of": "all", "conditions": [asked]}
    customers.define_attribute("churn_score", "Churn score", "number", actor=SYSTEM)
    segment = verbs.save("Stays", rule, actor=SYSTEM)
    bring(table)
    listed = people.narrowed(SYSTEM, where=["churn_score:to:0.5"])
    assert listed is not None
    assert [row.pk for row in listed] == [one]
    # Whoever keeps segments hears of it from the line.
    heard = Touchpoint.objects.filter(kind="customer.described").values_list("person_id", flat=True)
    keeping.look_at(set(heard))
    assert [row.pk for row in people.in_segment(SYSTEM, segment.pk)] == [one]
