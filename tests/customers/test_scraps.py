"""The last feelings of a line, kept ready on the person."""

from __future__ import annotations

from datetime import timedelta

import pytest

from careline import touchpoints
from careline.accounts.actor import SYSTEM
from careline.customers.models import Person
from careline.customers.reactions import keep_scraps
from careline.kit import clock
from careline.touchpoints import Moment, feelings
from careline.touchpoints.models import Touchpoint
from careline.touchpoints.subscribers.registry import registered

pytestmark = pytest.mark.django_db


def moments() -> list[Moment]:
    rows = Touchpoint.objects.order_by("id").values_list(*touchpoints.moments.COLUMNS)
    return [Moment(*row) for row in rows]


def answered(person: int, score: float | None, scale_max: float | None = 5, metric: str = "csat") -> None:
    touchpoints.record(
        "survey.answered", person=person, actor=SYSTEM, source="survey:1", survey="1", metric=metric, score=score,
        scale_max=scale_max,
    )  # fmt: skip


def ordered(person: int, *, days_late: int = 0) -> None:
    touchpoints.record(
        "order.delivered", person=person, actor=SYSTEM, source="shop:1", order="A-17", days_late=days_late
    )


def scrap_of(person: Person) -> list[int]:
    return Person.objects.get(pk=person.pk).scrap


@pytest.mark.parametrize(
    ("score", "top", "level"),
    [
        *((score, 5, score - 3) for score in range(1, 6)),
        (0, 10, -2), (2, 10, -2), (3, 10, -1), (4, 10, -1), (5, 10, 0), (6, 10, 0), (7, 10, 1), (8, 10, 1), (9, 10, 2),
        (10, 10, 2), (1, 1, 2), (0, 1, -2), (None, 5, None), (3, None, None), (3, 0, None),
    ],
)  # fmt: skip
def test_an_answer_is_one_of_five_levels_of_its_scale(score, top, level):
    assert feelings.level("survey.answered", {"metric": "csat", "score": score, "scale_max": top}) == level


def test_effort_is_not_a_feeling():
    assert feelings.level("survey.answered", {"metric": "ces", "score": 7, "scale_max": 7}) is None


def test_lateness_nobody_spoke_of_is_neutral(ada):
    ordered(ada.pk, days_late=5)
    keep_scraps(moments())
    assert scrap_of(ada) == [0]


def test_the_last_eight_are_kept_newest_last(ada):
    for score in (1, 2, 3, 4, 5):
        answered(ada.pk, score)
    keep_scraps(moments())
    assert scrap_of(ada) == [-2, -1, 0, 1, 2]
    keep_scraps(moments())
    assert scrap_of(ada) == [-2, -1, 0, 1, 2], "told twice, it is the same line"
    for _ in range(30):
        ordered(ada.pk)
    answered(ada.pk, 5)
    keep_scraps(moments())
    assert scrap_of(ada) == [0, 0, 0, 0, 0, 0, 0, 2]


def test_a_batch_of_many_people_is_four_statements(ada, django_assert_num_queries):
    grace = Person.objects.create(name="Grace")
    gone = Person.objects.create(erased_at=ada.created_at)
    joined = Person.objects.create(canonical=ada)
    for person, score in ((ada, 1), (grace, 5), (ada, 2), (gone, 3), (joined, 4)):
        answered(person.pk, score)
    answered(424242, 3)
    given = moments()
    with django_assert_num_queries(4):
        keep_scraps(given)
    assert scrap_of(ada) == [-2, -1, 1]
    assert scrap_of(grace) == [2]
    assert scrap_of(gone) == []
    assert scrap_of(joined) == [], "who stands for them has it"


def test_what_is_told_late_stands_where_it_happened(ada):
    answered(ada.pk, 5)
    touchpoints.record(
        "survey.answered", person=ada.pk, actor=SYSTEM, source="survey:1", survey="1", metric="csat", score=1,
        scale_max=5, occurred_at=clock.now() - timedelta(days=40),
    )  # fmt: skip
    keep_scraps(moments())
    assert scrap_of(ada) == [-2, 2]


def talked(person: int, number: int, *efforts: int) -> None:
    """A talk, and what it was counted to have cost each time that changed."""
    touchpoints.record(
        "conversation.opened", person=person, actor=SYSTEM, source=f"conversation:{number}", conversation=number,
        channel="api", subject="",
    )  # fmt: skip
    counted(person, number, *efforts)


def counted(person: int, number: int, *efforts: int) -> None:
    for effort in efforts:
        touchpoints.record(
            "effort.counted", person=person, actor=SYSTEM, source=f"conversation:{number}", conversation=number,
            channel="api", effort=effort, contacts=effort, waits=0, transfers=0, switches=0,
        )  # fmt: skip


def test_what_talks_have_cost_is_kept_beside_how_they_felt(ada):
    twin = Person.objects.create(name="A. Moreau", canonical=ada)
    talked(ada.pk, 1, 5)
    ordered(ada.pk)
    # Counted again it is less; only what was counted last holds.
    talked(twin.pk, 2, 3, 1)
    talked(ada.pk, 3)
    # An answer of theirs is no behavior.
    answered(ada.pk, 1, 7, metric="ces")
    keep_scraps(moments())
    found = Person.objects.get(pk=ada.pk)
    assert (found.scrap, found.efforts) == ([0, 0, 0, 0, 0], [3, 0, 1, 0, 0])
    assert Person.objects.get(pk=twin.pk).efforts == []


def test_a_window_is_told_when_only_the_effort_has_changed(ada, django_capture_on_commit_callbacks):
    talked(ada.pk, 1)
    keep_scraps(moments())
    counted(ada.pk, 1, 2)
    with django_capture_on_commit_callbacks() as told:
        keep_scraps(moments())
        keep_scraps(moments())
    assert len(told) == 1
    assert Person.objects.get(pk=ada.pk).efforts == [2]


def test_it_listens_to_talks_orders_visits_and_answers():
    [subscriber] = [one for one in registered() if one.react is keep_scraps]
    assert subscriber.name == "customers.keep_scraps"
    assert subscriber.kinds == {
        "conversation.opened", "order.placed", "order.delivered", "visit.checked-in", "survey.answered",
        "moment.added", "message.weighed", "effort.counted", "customer.merged", "customer.split",
    }  # fmt: skip
