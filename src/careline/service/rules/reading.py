"""A rule as somebody wrote it, or a sentence on what of it cannot be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from careline.accounts import queries as accounts
from careline.accounts.actor import SYSTEM
from careline.accounts.models import Agent
from careline.customers import actions as customers
from careline.hooks import queries as hooks
from careline.kit import text
from careline.kit.refusals import Refused
from careline.service.conversations import conditions
from careline.service.rules import promising, templates
from careline.service.rules.shapes import (
    MOST,
    AssignStep,
    CallStep,
    Content,
    DescribeStep,
    MoveStep,
    PromiseStep,
    ReplyStep,
    RuleWhen,
    Then,
    WaitStep,
)
from careline.touchpoints.kinds import KINDS

NAME_LIMIT = 100
# What follows from a rule's own doing, and what no conversation is about.
_DEAF = ("rule.fired", "conversation.ruled", "contact.decided", "outbound.queued")
HEARD = tuple(name for name, kind in KINDS.items() if kind.subject == "person" and name not in _DEAF)


def checked(name: str, when: Any, asked: Any, then: Any) -> Content:
    """`when`, `asked` and `then` are the raw forms of shapes.RuleWhen, conditions and a list of shapes.Then."""
    found = Content(
        name=text.clean(name, field="name", limit=NAME_LIMIT, required=True).strip(),
        when=_when(_as(when, RuleWhen, "when")),
        conditions=conditions.written(conditions.checked(asked)),
        then=_then(_as(then, list[Then], "then")),
    )
    if found.when.kind == "conversation.reopened" and any(
        isinstance(one, MoveStep) and one.state == "open" for one in found.then
    ):
        raise Refused(_("It is open again already when this is asked."), field="then")
    return found


def _as(raw: Any, shape: Any, field: str) -> Any:
    try:
        return msgspec.convert(raw, shape)
    except (msgspec.ValidationError, RecursionError) as error:
        raise Refused(_("This cannot be read: %(why)s.") % {"why": str(error)[:300]}, field=field) from None


def _when(when: RuleWhen) -> RuleWhen:
    by_time = when.since is not None and when.minutes is not None
    if bool(when.kind) == by_time or (when.since is None) != (when.minutes is None):
        raise Refused(_("Say what happens, or how long since what: one of the two."), field="when")
    if when.kind and when.kind not in HEARD:
        sentence = _("No rule hears “%(kind)s”.") % {"kind": when.kind[:60]}
        raise Refused(sentence, field="when")
    return when


def _then(steps: list[Then]) -> list[Then]:
    if not 0 < len(steps) <= MOST:
        raise Refused(_("A rule does between 1 and %(most)s things.") % {"most": MOST}, field="then")
    if isinstance(steps[-1], WaitStep):
        raise Refused(_("Nothing follows the wait; say what is done after it."), field="then")
    for one in steps:
        _possible(one)
    _must_be_here(steps)
    return steps


def _possible(one: Then) -> None:
    if isinstance(one, AssignStep) and one.agent_id is None and one.team_id is None:
        raise Refused(_("Say to which agent or team."), field="then")
    if isinstance(one, MoveStep) and (one.state == "snoozed") != (one.minutes is not None):
        raise Refused(_("Say how long it is snoozed, and only then."), field="then")
    if isinstance(one, DescribeStep) and one.value is not None:
        customers.checked_attributes({one.name: one.value}, of="conversation")
    if isinstance(one, PromiseStep):
        promising.must_be_there(one.policy_id, actor=SYSTEM)
    if isinstance(one, ReplyStep):
        for words in one.words.values():
            templates.checked(words)


def _must_be_here(steps: Sequence[Then]) -> None:
    agents = {int(one.agent_id) for one in steps if isinstance(one, AssignStep) and one.agent_id is not None}
    teams = {int(one.team_id) for one in steps if isinstance(one, AssignStep) and one.team_id is not None}
    if Agent.objects.active().filter(pk__in=agents).count() < len(agents):
        raise Refused(_("There is no such agent."), field="then")
    if any(accounts.team_name(one) is None for one in teams):
        raise Refused(_("There is no such team."), field="then")
    called = {int(one.endpoint_id) for one in steps if isinstance(one, CallStep)}
    if hooks.there(called) != called:
        raise Refused(_("There is no such webhook."), field="then")
