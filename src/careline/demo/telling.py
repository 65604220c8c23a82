"""Tells a step through the verbs an agent, a customer or a shop system would have used."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from careline import touchpoints
from careline.accounts.actor import SYSTEM, Actor
from careline.customers.actions import find_or_create
from careline.customers.identities import Given
from careline.demo import talk
from careline.demo.company import Company
from careline.demo.people import Character
from careline.demo.story import Step, Talk
from careline.service.conversations import actions
from careline.service.conversations.hot import words
from careline.service.recovery import actions as recovery
from careline.service.recovery import matching
from careline.service.recovery import queries as recoveries
from careline.touchpoints import Moment

SHOP = "https://shop.harbor.example"


class Teller:
    def __init__(self, house: Company, now: datetime) -> None:
        self.house, self.now = house, now
        self.people: dict[str, int] = {}
        self.open: dict[int, Talk] = {}
        # Of each the conversation that was resolved last, and when.
        self.helped: dict[str, tuple[int, datetime]] = {}
        self.told = 0
        self.begun: list[tuple[datetime, int]] = []

    def tell(self, who: Character, step: Step) -> None:
        if self._is_too_early(step):
            return
        getattr(self, f"_{step.what}")(who, step.at, **step.given)
        self.told += 1

    def _is_too_early(self, step: Step) -> bool:
        """A talk whose opening lay outside the time that is told is not told at all."""
        matter = step.given.get("talk")
        return step.what != "open" and matter is not None and not matter.number

    # ── the shop's own moments ──
    def _person(self, who: Character, at: datetime) -> int:
        if who.email not in self.people:
            given = [Given("email", who.email)] + ([Given("phone", who.phone)] if who.phone else [])
            found = find_or_create(given, actor=SYSTEM, name=who.name, language=who.language, at=at)
            self.people[who.email] = found.person.pk
        return self.people[who.email]

    def _moment(self, kind: str, who: Character, at: datetime, **facts: Any) -> uuid.UUID:
        landed = touchpoints.record(
            kind,
            person=self._person(who, at),
            actor=SYSTEM,
            source=f"shop:{facts.get('order', 'site')}",
            occurred_at=at,
            **facts,
        )
        assert landed is not None
        return landed

    def _page(self, who: Character, at: datetime, *, path: str) -> None:
        self._moment("page.viewed", who, at, url=f"{SHOP}{path}", title=path.strip("/").replace("/", ", ").capitalize())

    def _order(self, who: Character, at: datetime, *, order: str, item: str, minor: int) -> None:
        items = [{"name": item, "quantity": 1}]
        self._moment("order.placed", who, at, order=order, total_minor=minor, currency="EUR", items=items)

    def _delivery(
        self, who: Character, at: datetime, *, order: str, carrier: str, promised: datetime, late: int
    ) -> None:
        self._moment(
            "order.delivered",
            who,
            at,
            order=order,
            promised_on=promised.date().isoformat(),
            days_late=late,
            carrier=carrier,
        )

    def _visit(self, who: Character, at: datetime, *, place: str) -> None:
        self._moment("visit.checked-in", who, at, place=place)

    def _answer(self, who: Character, at: datetime, *, score: int) -> None:
        said = talk.SAID_AFTER[score]
        facts = {"survey": "after-help", "metric": "csat", "score": score, "scale_max": 5}
        facts["text"] = said[self.told % len(said)] if self.told % 3 else ""
        landed = self._moment("survey.answered", who, at, **facts)
        # What is younger the reactions hear of, as they do of every answer.
        if score <= 2 and at < self.now - matching.FRESH:
            moment = Moment(
                landed, "survey.answered", 1, self._person(who, at), None, None, "system", None, "shop:site", None, at,
                at, facts,
            )  # fmt: skip
            rule = matching.fitting(moment, matching.rules())
            if rule is not None:
                recovery.take_up(moment, rule, at=at)

    def _amends(self, who: Character, at: datetime, *, reached: bool, minor: int, steps: int) -> None:
        """As far as there is something to make good, and an agent who has it."""
        running = recoveries.running_of(SYSTEM, self._person(who, at))
        if running is None:
            return
        agent = next(
            (one for one in self.house.agents.values() if one.agent_id == running.conversation.assignee_id),
            self.house.agents["tomas"],
        )
        for place in range(1, steps + 1):
            recovery.step(running.pk, place, actor=agent, at=at)
        if minor:
            recovery.give(running.pk, minor, actor=agent, words="A voucher", once="demo", at=at)
        outcome = "reached" if reached else "missed"
        recovery.close(running.pk, actor=agent, outcome=outcome, resolved=reached, at=at)
        self.open.pop(running.conversation_id, None)

    def _ease(self, who: Character, at: datetime, *, score: int) -> None:
        facts: dict[str, Any] = {"survey": "ease-after-help", "metric": "ces", "score": score, "scale_max": 7}
        talk, ended = self.helped.get(who.email, (None, at))
        if talk is not None and at - ended < timedelta(days=2):
            facts |= {"journey": f"conversation:{talk}", "conversation": talk, "inbox": self.house.chat}
        self._moment("survey.answered", who, at, **facts)

    def _recommendation(self, who: Character, at: datetime, *, score: int) -> None:
        self._moment("survey.answered", who, at, survey="recommend", metric="nps", score=score, scale_max=10)

    # ── talks ──
    def _open(self, who: Character, at: datetime, *, talk: Talk, words: str) -> None:
        person = self._person(who, at)
        said = actions.open_with(
            actor=Actor.customer(person, self.house.chat, name=who.name), inbox_id=self.house.chat,
            person=_known(who), body=words, subject=talk.subject, at=at,
        )  # fmt: skip
        talk.number = said.conversation_id
        self.open[talk.number] = talk
        self.begun.append((at, talk.number))

    def since(self, at: datetime) -> list[int]:
        """The talks that were opened since then, in their order."""
        return [number for begun, number in self.begun if begun >= at]

    def _agent(self, matter: Talk) -> Actor:
        return self.house.agents[matter.agent or "tomas"]

    def _assign(self, who: Character, at: datetime, *, talk: Talk) -> None:
        agent = self._agent(talk)
        actions.assign(talk.number, actor=agent, agent_id=agent.agent_id, at=at)

    def _reply(self, who: Character, at: datetime, *, talk: Talk, words: str) -> None:
        actions.reply(talk.number, actor=self._agent(talk), body=words, at=at)

    def _note(self, who: Character, at: datetime, *, talk: Talk, words: str) -> None:
        actions.note(talk.number, actor=self._agent(talk), body=words, at=at)

    def _hear(self, who: Character, at: datetime, *, talk: Talk, words: str) -> None:
        person = self._person(who, at)
        actions.hear(talk.number, actor=Actor.customer(person, self.house.chat), body=words, person_id=person, at=at)

    def _raise(self, who: Character, at: datetime, *, talk: Talk) -> None:
        actions.prioritize(talk.number, actor=self.house.agents["ines"], priority=3, at=at)

    def _resolve(self, who: Character, at: datetime, *, talk: Talk) -> None:
        actions.resolve(talk.number, actor=self._agent(talk), at=at)
        self.open.pop(talk.number, None)
        self.helped[who.email] = (talk.number, at)

    def leave_the_desk_as_it_is_now(self) -> None:
        """A working morning: some of what is open is asleep, some is a team's, one is urgent."""
        lead = self.house.agents["ines"]
        teams = list(self.house.teams.values())
        for n, number in enumerate(self.open):
            if n % 7 == 3:
                actions.snooze(number, actor=lead, until=self.now + timedelta(hours=20 + n))
            elif n % 7 == 5:
                actions.assign(number, actor=lead, team_id=teams[n % len(teams)])
            elif n % 11 == 1:
                actions.prioritize(number, actor=lead, priority=4)
            if n % 4 == 0:
                actions.tag(number, actor=lead, tags=["parcel"])


def _known(who: Character) -> words.Who:
    return words.who(name=who.name, email=who.email)
