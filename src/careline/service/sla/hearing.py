"""A conversation's promises as its line goes on: what begins, pauses and ends them. Pure; each moment is heard once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from careline.accounts.open_hours import Clock
from careline.service.sla import running
from careline.service.sla.models import Course, Promise
from careline.service.sla.running import Passed
from careline.service.sla.terms import WHATS, Terms, What

HEARD = (
    "conversation.opened", "message.received", "message.sent", "conversation.resolved", "conversation.reopened",
    "conversation.snoozed", "conversation.woken", "conversation.assigned", "conversation.marked",
    "conversation.awaited", "conversation.prioritized", "conversation.tagged", "conversation.described",
)  # fmt: skip
# A person answered, or let a program answer; a machine's word of its own keeps nobody's promise.
_OURS = ("agent", "token")


class Talk(msgspec.Struct):
    """A course with what is promised in it now, and the clock of its place."""

    course: Course
    promises: dict[str, Promise]
    terms: Terms | None
    clocks: Callable[[int, int | None], Clock]
    # Ended while it was looked at.
    over: list[Promise] = []

    @property
    def clock(self) -> Clock:
        place = self.clocks(self.course.inbox_id, self.course.team_id)
        return place if self.terms is None else running.clock_of(self.terms, place)

    def hear(self, kind: str, facts: dict[str, Any], by: str, at: datetime) -> list[Passed]:
        """What came to pass before this moment, and what it ends."""
        found = self.run(at)
        match kind:
            case "message.received":
                self._wrote(at)
            case "message.sent" if by in _OURS:
                found += self._end("first", "met", at) + self._end("next", "met", at)
                self.course.is_answered, self.course.waiting_on = True, "customer"
            case "conversation.resolved":
                found += self._resolved(at)
            case "conversation.reopened":
                self._opened(at)
                if by == "customer":
                    self.course.waiting_on = "us"
            case "conversation.snoozed":
                self.course.is_snoozed = True
            case "conversation.woken":
                self.course.is_snoozed, self.course.waiting_on = False, "us"
            case "conversation.assigned":
                self.course.team_id = facts.get("team_id")
            case "conversation.awaited":
                self.course.waiting_on = facts["on"]
            case "conversation.marked" if facts["place"] == "open":
                self._opened(at)
            case "conversation.marked":
                self._put_away(at)
        self.settle(at)
        return found

    def run(self, at: datetime) -> list[Passed]:
        """Let time pass."""
        if self.terms is None:
            return []
        clock = self.clock
        found = [
            one for promise in self.promises.values() for one in running.run(promise, self.terms, until=at, clock=clock)
        ]
        return sorted(found, key=lambda one: one.at)

    def use(self, terms: Terms | None, at: datetime) -> None:
        """Other terms from now on: what has gone stays gone, what was broken stays broken."""
        if terms == self.terms and (terms or not self.promises):
            return
        self.terms = terms
        for what in WHATS:
            total, promise = terms.total(what) if terms else None, self.promises.get(what)
            if promise is not None and total is not None:
                if promise.total != total:
                    # Another deadline is warned of anew.
                    promise.passed = [one for one in promise.passed if one != "warn"]
                promise.total = total
            elif promise is not None:
                self._stop(promise, Promise.Outcome.DROPPED, at)
            elif total is not None and what in self.course.waits and self.course.is_live:
                self._begin(what, datetime.fromisoformat(self.course.waits[what]), at)
        self.settle(at)

    def _wrote(self, at: datetime) -> None:
        course = self.course
        course.is_live, course.is_snoozed, course.waiting_on = True, False, "us"
        self._wait("next" if course.is_answered else "first", at)
        self._wait("resolution", at)

    def _opened(self, at: datetime) -> None:
        self.course.is_live, self.course.is_snoozed = True, False
        self._wait("resolution", at)

    def _resolved(self, at: datetime) -> list[Passed]:
        """An end keeps the promise of an end; an answer that was never given is neither kept nor broken by it."""
        found = self._end("resolution", "met", at)
        self._put_away(at)
        self.course.waiting_on = "customer"
        return found

    def _put_away(self, at: datetime) -> None:
        self.course.is_live, self.course.is_snoozed = False, False
        for what in WHATS:
            self._end(what, "dropped", at)

    def _wait(self, what: What, at: datetime) -> None:
        if what not in self.course.waits:
            self.course.waits[what] = at.isoformat()
            self._begin(what, at, at)

    def _begin(self, what: What, since: datetime, at: datetime) -> None:
        made = self.terms and running.begun(what, self.terms, at=since, now=at, clock=self.clock)
        if made:
            self.promises[what] = made

    def _end(self, what: What, outcome: str, at: datetime) -> list[Passed]:
        self.course.waits.pop(what, None)
        promise = self.promises.get(what)
        if promise is None:
            return []
        self._stop(promise, outcome, at)
        return [Passed(promise, "met", at)] if promise.outcome == Promise.Outcome.MET else []

    def _stop(self, promise: Promise, outcome: str, at: datetime) -> None:
        running.ended(self.promises.pop(promise.what), outcome, at=at)
        self.over.append(promise)

    def settle(self, at: datetime) -> None:
        """Pause and go on as the terms say, and plan anew."""
        if self.terms is None:
            return
        stands = (self.course.is_snoozed and "snoozed" in self.terms.pauses) or (
            self.course.waiting_on in self.terms.pauses
        )
        clock = self.clock
        for promise in self.promises.values():
            running.counted(promise, at=at, clock=clock)
            running.paused(promise, stands, at=at)
            running.planned(promise, self.terms, clock)
