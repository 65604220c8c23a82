"""How the company works: its hours, who can do what, where work waits, what is promised, and what happens by itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from careline.demo.company import Company
from careline.service.routing import actions as routing
from careline.service.routing.actions.queueing import Ruling as Queue
from careline.service.routing.relaxing import Step as Ease
from careline.service.rules import actions as rules
from careline.service.rules import hearing as ruling
from careline.service.sla import actions as promises
from careline.service.sla import hearing, reactions
from careline.service.sla.terms import Step, Terms
from careline.touchpoints import Moment, subscribers
from careline.touchpoints import queries as line

LATELY = timedelta(days=6)
# What a conversation is about, by the words its subject has in three languages.
PARCELS, BREAKAGES = "Where is order, Pesanan, الطلب", "broken"
ANGRY = "third time, my money, who packs, nowhere on, not a favor"
SKILLS: tuple[tuple[str, str, dict[str, int]], ...] = (
    ("Indonesian", "id", {"sari": 5}),
    ("Arabic", "ar", {"karim": 5}),
    ("English", "en", {"tomas": 5, "sari": 4, "karim": 4, "ines": 5, "lena": 5}),
    ("Repairs", "", {"karim": 4, "tomas": 2}),
)


def _about(words: str, field: str = "subject") -> dict[str, Any]:
    return {"all": [{"field": field, "op": "contains", "value": words}]}


def begin(house: Company, lately: Sequence[int], *, end: datetime) -> None:
    """Once the months are told: `lately` are the conversations of the last days, which go by what is promised now."""
    while subscribers.advance(promises.SUBSCRIBER):
        pass
    with transaction.atomic():
        _promise(house)
        _rule(house)
        _catch_up(lately, end=end)
        _queue(house)


def _promise(house: Company) -> None:
    parcels = Terms(
        first=10 * 60, next=8 * 60, clock="wall", warn_percent=50, steps=(Step("tell_leads"), Step("priority", 60, 3))
    )
    usual = Terms(first=90, next=4 * 60, resolution=3 * 8 * 60, warn_percent=60, steps=(Step("tell_holder", -30),))
    for name, terms, asked in (("Parcels that are late", parcels, _about(PARCELS)), ("Everybody", usual, {})):
        promises.keep_policy(promises.Ruling(name=name, terms=terms, conditions=asked), actor=house.owner)


def _rule(house: Company) -> None:
    team = str(house.teams["Returns and repairs"])
    opened = {"kind": "conversation.opened"}
    upset = [{"do": "tag", "tags": ["upset"]}, {"do": "priority", "priority": 3}]
    for name, asked, then in (
        ("Angry words come first", _about(ANGRY, "text"), upset),
        ("What broke goes to repairs", _about(BREAKAGES), [{"do": "assign", "team_id": team}]),
    ):
        made = rules.keep(name, opened, asked, then, actor=house.owner)
        rules.switch(made.pk, on=True, actor=house.owner)
    rules.switch(rules.keep_ready("closing", actor=house.owner).pk, on=True, actor=house.owner)
    rules.keep_ready("closed", actor=house.owner)


def _catch_up(lately: Sequence[int], *, end: datetime) -> None:
    """What was told so far and heard already, heard as if all this had been there."""
    told: dict[int, list[Moment]] = defaultdict(list)
    journeys = [f"conversation:{one}" for one in lately]
    for moment in line.of_journeys(journeys, kinds=hearing.HEARD, limit=300):
        told[moment.conversation_id or 0].append(moment)
    reactions.promise([moment for moments in told.values() for moment in moments])
    promises.pass_due()
    ruling.hear([
        moments[0] for moments in told.values()
        if moments[0].kind == "conversation.opened" and end - moments[0].occurred_at < timedelta(hours=20)
    ])  # fmt: skip


def _queue(house: Company) -> None:
    agents = {handle: one.agent_id for handle, one in house.agents.items()}
    known = {name: routing.keep_skill(name, actor=house.owner, language=code).pk for name, code, _who in SKILLS}
    for handle, agent in agents.items():
        levels = {known[name]: who[handle] for name, _code, who in SKILLS if handle in who}
        if levels and agent is not None:
            routing.keep_skills_of(agent, levels, actor=house.owner)
    repairs, teams = known["Repairs"], house.teams
    for queue in (
        Queue(
            name="Repairs", conditions=_about(BREAKAGES), team_id=teams["Returns and repairs"], skills={repairs: 3},
            by_language=True, spread="best_skilled",
            steps=(Ease(after_s=300, ease="level"), Ease(after_s=900, ease="team")),
        ),
        Queue(
            name="Parcels", conditions=_about(PARCELS), team_id=teams["Deliveries"], head_start_minutes=10,
            by_language=True, steps=(Ease(after_s=600, ease="team"),),
        ),
        Queue(name="Everything else", by_language=True, steps=(Ease(after_s=900, ease="language"),)),
    ):  # fmt: skip
        routing.keep_queue(queue, actor=house.owner)
