"""Holds and what was decided, by the API."""

from __future__ import annotations

from careline import contact
from careline.customers.models import Person

SOON = "2999-01-01T09:00:00Z"


def test_a_hold_is_set_read_and_lifted_and_decisions_say_why(program, bo, ada, line_of):
    knocking, at = program(bo), f"customers/{ada.pk}"
    assert contact.decide(ada.pk, "newsletter", "api", "first").allowed
    made = knocking.post(f"{at}/holds", {"reason": "A complaint is open", "until": SOON})
    assert made.status == 201
    held = made.json
    assert (held["reason"], held["until"], held["running"], held["released_at"]) == (
        "A complaint is open", SOON, True, None,
    )  # fmt: skip
    assert not contact.decide(ada.pk, "newsletter", "api", "second").allowed
    lifted = knocking.delete(f"{at}/holds/{held['id']}").json
    assert lifted["running"] is False
    assert lifted["released_at"]
    assert knocking.delete(f"{at}/holds/{held['id']}").told[0] == 409
    assert knocking.get(f"{at}/holds").json["items"] == [lifted]
    no, yes = knocking.get(f"{at}/decisions").json["items"]
    assert (no["allowed"], no["reason"]) == (False, "This person is not to be contacted for now.")
    assert (yes["allowed"], yes["reason"], yes["purpose"]) == (True, None, "newsletter")
    assert [one.kind for one in line_of(ada.pk)] == [
        "contact.decided", "contact.held", "contact.decided", "contact.released",
    ]  # fmt: skip


def test_what_cannot_be_held_is_refused_in_words(program, bo, boss, hire, ada):
    knocking, at = program(bo), f"customers/{ada.pk}/holds"
    assert knocking.post(at, {"reason": "Late", "until": "2020-01-01T09:00:00Z"}).told[0] == 422
    assert knocking.post(at, {"reason": " "}).told[0] == 422
    assert knocking.post("customers/999999/holds", {"reason": "Hm"}).told[0] == 404
    for name in ("holds", "decisions"):
        assert knocking.get(f"customers/999999/{name}").told[0] == 404
    analyst = program(hire("Ana Lyst", role="analyst").as_actor())
    assert analyst.get(at).status == 200
    assert analyst.post(at, {"reason": "Hm"}).told[0] == 403
    held = knocking.post(at, {"reason": "Asked for silence"}).json["id"]
    assert analyst.delete(f"{at}/{held}").told[0] == 403
    other = Person.objects.create(name="Else")
    assert knocking.delete(f"customers/{other.pk}/holds/{held}").told[0] == 404
    assert program(boss).put(f"customers/{ada.pk}/erasure", {}).status == 200
    assert knocking.post(at, {"reason": "Hm"}).told[0] == 409


def test_a_moment_of_a_zone_postgresql_knows_nothing_of_is_kept_and_one_beyond_all_calendars_refused(program, bo, ada):
    knocking, at = program(bo), f"customers/{ada.pk}/holds"
    held = knocking.post(at, {"reason": "Late", "until": "8701-10-27T18:05:56+17:25"})
    assert held.json["until"] == "8701-10-27T00:40:56Z"
    refused = knocking.post(at, {"reason": "Late", "until": "9999-12-31T23:59:59-17:25"})
    assert refused.told[:2] == (422, "until: not a moment of the years 1 to 9999.")
