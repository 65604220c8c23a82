"""A survey with every type of question, open, answered, and shown from all its sides."""

from __future__ import annotations

from typing import Any

OPTIONS = [{"key": key, "words": {"en": word, "ar": word}} for key, word in (("a", "Quality"), ("b", "Price of it"))]
ENDS = {"low": {"en": "Not at all likely"}, "high": {"en": "Extremely likely"}, "comment": {"en": "What made it so?"}}
QUESTIONS: list[dict[str, Any]] = [
    {"key": "nps", "type": "nps", "words": {"en": "How likely are you to recommend us?", "ar": "هل توصي بنا؟"}, **ENDS},
    {"key": "one", "type": "single", "words": {"en": "Which one?"}, "options": OPTIONS, "required": True},
    {"key": "many", "type": "multiple", "words": {"en": "Which of these?"}, "options": OPTIONS, "hint": {"en": "Any."}},
    {"key": "grid", "type": "matrix", "words": {"en": "How was it?"}, "options": OPTIONS, "rows": OPTIONS},
    {"key": "rank", "type": "ranking", "words": {"en": "In which order?"}, "options": OPTIONS},
    {
        "key": "text",
        "type": "text",
        "words": {"en": "What else?"},
        "when": [{"of": "nps", "test": "at_most", "value": 8}],
    },
    {"key": "file", "type": "file", "words": {"en": "A picture?"}},
]
FORM = {
    "languages": ["en", "ar"], "title": {"en": "A few questions", "ar": "بضعة أسئلة"}, "questions": QUESTIONS,
    "intro": {"en": "It takes a minute."}, "fields": ["order"], "quotas": [{"most": 500, "of": "one", "value": "a"}],
}  # fmt: skip
GIVEN: dict[str, Any] = {
    "nps": {"value": 0, "words": "Nobody called back."}, "one": {"value": "a"}, "many": {"value": ["a", "b"]},
    "grid": {"value": {"a": "b", "b": "a"}}, "rank": {"value": ["b", "a"]},
    "text": {"value": "Next time I go elsewhere: https://example.org/other"},
}  # fmt: skip


def surveyed(firm: Any, conversation: str, customer: str) -> dict[str, str]:
    """The address of each of its screens, by name."""
    api = firm.owner.api
    number = api("POST", "surveys", {"name": f"All of it {conversation}", "form": FORM})["id"]
    api("PUT", f"surveys/{number}/publication")
    about = {"conversation_id": conversation, "fields": {"order": "A-17"}}
    kept = api("POST", f"surveys/{number}/responses", {"answers": GIVEN, **about})
    for score in range(11):
        rest = {key: given for key, given in GIVEN.items() if key != "text"} if score > 8 else GIVEN
        api("POST", f"surveys/{number}/responses", {"answers": {**rest, "nps": {"value": score}}})
    own = api("POST", f"surveys/{number}/invitations", {"customer_id": customer})["url"]
    draft = api("POST", "surveys", {"name": f"Not yet {conversation}"})["id"]
    anonymous = api("POST", "surveys", {"name": f"Nobody {conversation}", "beginning": "visit"})["id"]
    api("PUT", f"surveys/{anonymous}/publication")
    closed = api("POST", "surveys", {"name": f"Over {conversation}", "beginning": "effort"})["id"]
    link = api("PUT", f"surveys/{closed}/publication")["url"]
    api("DELETE", f"surveys/{closed}/publication")
    plan = {
        "name": "After help",
        "kind": "after",
        "facts": [{"fact": "minutes_open", "test": "at_least", "value": "5"}],
    }
    planned = api("POST", f"surveys/{number}/plans", plan)["id"]
    api("PUT", f"surveys/{number}/plans/{planned}/activation")
    wave = {"name": "Twice a year", "kind": "wave", "begins_on": "2030-01-31", "share": 25, "reminders": 1}
    waved = api("POST", f"surveys/{number}/plans", wave)["id"]
    page = api("GET", f"surveys/{number}")["url"].partition(firm.house.url)[2]
    return {
        "surveys": "/surveys", "survey-new": "/surveys/new", "survey": f"/surveys/{number}",
        "survey-arabic": f"/surveys/{number}?language=ar", "survey-draft": f"/surveys/{draft}",
        "survey-plans": f"/surveys/{number}/when", "survey-unplanned": f"/surveys/{draft}/when",
        "survey-plan": f"/surveys/{number}/when/{planned}", "survey-wave": f"/surveys/{number}/when/{waved}",
        "survey-asked": f"/surveys/{number}/when/{planned}/asked", "survey-plan-new": f"/surveys/{number}/when/new",
        "survey-answers": f"/surveys/{number}/answers", "survey-unanswered": f"/surveys/{draft}/answers",
        "survey-results": f"/surveys/{number}/results", "survey-answer": f"/surveys/answers/{kept['id']}",
        "s": f"{page}?answer=0", "s-own": own.partition(firm.house.url)[2],
        "s-anonymous": api("GET", f"surveys/{anonymous}")["url"].partition(firm.house.url)[2],
        "s-closed": link.partition(firm.house.url)[2],
        **{f"s-{key}": f"{page}?q={key}" for key in ("one", "many", "grid", "rank", "file")},
    }  # fmt: skip


# What a stranger with the link sees.
OPEN = ("s", "s-own", "s-anonymous", "s-closed", "s-one", "s-many", "s-grid", "s-rank", "s-file")
INSIDE = (
    "survey-plans", "survey-unplanned", "survey-plan", "survey-wave", "survey-asked", "survey-plan-new",
    "surveys", "survey-new", "survey", "survey-arabic", "survey-draft", "survey-answers", "survey-unanswered",
    "survey-results", "survey-answer",
)  # fmt: skip
