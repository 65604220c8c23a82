"""Rules by which customers are written to unasked, by the API, and what they would say now."""

from __future__ import annotations

from careline import contact
from careline.contact.models import Decision

RULES = {
    "label": "NPS", "priority": "high",
    "limits": [{"most": 1, "hours": 2160}, {"most": 2, "hours": 24, "channel": "api"}],
    "quiet_from": "21:00", "quiet_to": "08:00", "quiet_days": [7], "talks": "ours", "promise_days": 3,
}  # fmt: skip


def test_rules_are_kept_read_and_dropped(program, boss, bo):
    house, agent = program(boss), program(bo)
    made = house.put("contact-rules/surveys/nps", RULES).json
    assert {name: made[name] for name in RULES} == RULES | {
        "limits": [
            {"most": 1, "hours": 2160, "channel": None, "upto": "high"},
            {"most": 2, "hours": 24, "channel": "api", "upto": "high"},
        ]
    }
    assert agent.get("contact-rules/surveys%2Fnps").json == made
    names = [one["name"] for one in agent.get("contact-rules").json["items"]]
    assert names == ["any", "conversation", "outreach", "surveys", "surveys/nps"]
    first = agent.get("contact-rules?limit=3").json
    rest = agent.get(f"contact-rules?limit=3&cursor={first['next']}").json
    assert [one["name"] for one in first["items"] + rest["items"]] == names
    assert agent.put("contact-rules/surveys/nps", RULES).told[0] == 403
    assert agent.delete("contact-rules/surveys/nps").told[0] == 403
    assert len(house.delete("contact-rules/surveys/nps").json["items"]) == 4
    assert house.delete("contact-rules/surveys/nps").told[0] == 404
    assert house.delete("contact-rules/any").told[0] == 409


def test_what_cannot_be_kept_is_refused_in_words(program, boss):
    house = program(boss)
    for wrong, field in (
        ({"limits": [{"most": 0, "hours": 1}]}, "limits[0].most"), ({"quiet_to": None}, "quiet_from"),
        ({"limits": [{"most": 1, "hours": 1, "channel": "pigeon"}]}, "limits"), ({"quiet_from": "25:00"}, "quiet_from"),
        ({"quiet_days": [1, 2, 3, 4, 5, 6, 7]}, "quiet_days"), ({"talks": "x"}, "talks"), ({"label": " "}, "label"),
    ):  # fmt: skip
        answer = house.put("contact-rules/surveys/nps", RULES | wrong)
        assert (answer.status, answer.json["field"]) == (422, field)


def test_what_would_be_decided_is_told_with_all_that_is_looked_at(program, bo, ada, conversation):
    knocking, at = program(bo), f"customers/{ada.pk}/outlook"
    no = knocking.get(f"{at}?purpose=surveys&channel=api").json
    assert (no["allowed"], no["reason"], no["retry_at"], no["scope"]) == (
        False, "A conversation with this person is open.", None, "surveys",
    )  # fmt: skip
    assert [look["about"] for look in no["looks"] if not look["passes"]] == ["talk"]
    yes = knocking.get(f"{at}?purpose=conversation&channel=api").json
    assert (yes["allowed"], yes["reason"]) == (True, None)
    assert not Decision.objects.exists()
    for missing in ("", "?purpose=surveys", "?channel=api"):
        assert knocking.get(f"{at}{missing}").told[0] == 422
    assert knocking.get("customers/999999/outlook?purpose=surveys&channel=api").told[0] == 404


def test_a_decision_says_when_it_may_be_asked_again(program, bo, ada):
    assert contact.decide(ada.pk, "surveys", "api", "1").allowed
    contact.decide(ada.pk, "surveys", "api", "2")
    no, yes = program(bo).get(f"customers/{ada.pk}/decisions").json["items"]
    assert no["retry_at"]
    assert no["reason"].endswith("at most 1 in 30 days (Surveys, all channels).")
    assert (yes["reason"], yes["retry_at"]) == (None, None)
