"""The steps of a rule, done in a conversation through the same verbs people use."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from careline import hooks
from careline.accounts.actor import Actor
from careline.kit import clock, sentences
from careline.kit.refusals import Refused
from careline.service.conversations import actions as talks
from careline.service.conversations.models import Conversation
from careline.service.rules import promising, saying
from careline.service.rules.models import Firing, Rule
from careline.service.rules.shapes import (
    AssignStep,
    BindStep,
    CallStep,
    DescribeStep,
    MoveStep,
    NoteStep,
    PrioritizeStep,
    PromiseStep,
    ReplyStep,
    TagStep,
    Then,
    UntagStep,
    WaitStep,
)

# What whoever may write rules may have done.
_MAY = frozenset({
    "conversations.view", "conversations.reply", "conversations.note", "conversations.assign", "conversations.close",
    "customers.view",
})  # fmt: skip


class Doing(msgspec.Struct, frozen=True):
    """A rule at work in one conversation."""

    rule: Rule
    firing: Firing
    conversation_id: int
    inbox_id: int

    @property
    def actor(self) -> Actor:
        return Actor(
            kind="rule", id=self.rule.pk, name=self.rule.name, permissions=_MAY, inbox_ids=(self.inbox_id,)
        )  # fmt: skip

    def conversation(self) -> Conversation:
        return Conversation.objects.get(pk=self.conversation_id)


def named(step: Then) -> str:
    """Its tag: "assign"."""
    return str(step.__struct_config__.tag)


def take(doing: Doing, steps: list[Then], begin: int) -> tuple[list[dict[str, Any]], int | None]:
    """What became of each step from `begin` on, and the step after a wait where one was met.

    A step that is refused is told of and does not keep the others back: {"do": "assign", "why": kept sentence}.
    """
    done: list[dict[str, Any]] = []
    for place, step in enumerate(steps[begin:], begin):
        if isinstance(step, WaitStep):
            return done, place + 1
        result: dict[str, Any] = {"do": named(step)}
        try:
            with transaction.atomic():
                _DO[type(step)](doing, step)
        except Refused as refusal:
            result["why"] = sentences.kept(refusal)
        done.append(result)
    return done, None


def _assign(doing: Doing, step: AssignStep) -> None:
    now = doing.conversation()
    agent_id = now.assignee_id if step.agent_id is None else int(step.agent_id)
    team_id = now.team_id if step.team_id is None else int(step.team_id)
    talks.assign(now.pk, actor=doing.actor, agent_id=agent_id, team_id=team_id)


def _tag(doing: Doing, step: TagStep) -> None:
    talks.tag(doing.conversation_id, actor=doing.actor, tags=[*doing.conversation().tags, *step.tags])


def _untag(doing: Doing, step: UntagStep) -> None:
    gone = {one.casefold() for one in step.tags}
    left = [one for one in doing.conversation().tags if one.casefold() not in gone]
    talks.tag(doing.conversation_id, actor=doing.actor, tags=left)


def _prioritize(doing: Doing, step: PrioritizeStep) -> None:
    talks.prioritize(doing.conversation_id, actor=doing.actor, priority=step.priority)


def _reply(doing: Doing, step: ReplyStep) -> None:
    saying.say(doing.conversation(), step.words, actor=doing.actor)


def _note(doing: Doing, step: NoteStep) -> None:
    talks.note(doing.conversation_id, actor=doing.actor, body=step.words)


def _call(doing: Doing, step: CallStep) -> None:
    now = doing.conversation()
    hooks.send(
        int(step.endpoint_id), "rule.fired", key=f"rule:{doing.firing.pk}:{step.endpoint_id}",
        rule={"id": str(doing.rule.pk), "name": doing.rule.name, "version": doing.firing.version},
        conversation={
            "id": str(now.pk), "inbox_id": str(now.inbox_id), "customer_id": str(now.person_id),
            "channel": now.channel, "state": now.state, "priority": now.priority, "tags": now.tags,
            "assignee_id": None if now.assignee_id is None else str(now.assignee_id),
            "team_id": None if now.team_id is None else str(now.team_id),
        },
    )  # fmt: skip


def _promise(doing: Doing, step: PromiseStep) -> None:
    promising.use(doing.conversation_id, step.policy_id, actor=doing.actor)


def _describe(doing: Doing, step: DescribeStep) -> None:
    talks.describe(doing.conversation_id, {step.name: step.value}, actor=doing.actor)


def _move(doing: Doing, step: MoveStep) -> None:
    if step.state == "snoozed":
        until = clock.now() + timedelta(minutes=step.minutes or 1)
        talks.snooze(doing.conversation_id, actor=doing.actor, until=until)
        return
    if doing.conversation().state == step.state:
        return
    verbs: dict[str, Callable[..., Any]] = {
        "resolved": talks.resolve, "open": talks.reopen, "spam": talks.spam, "trash": talks.trash,
    }  # fmt: skip
    verbs[step.state](doing.conversation_id, actor=doing.actor)


def _bind(doing: Doing, step: BindStep) -> None:
    if doing.conversation().state != Conversation.State.RESOLVED:
        raise Refused(_("Only of a resolved conversation it is settled where the next words go."))
    talks.bind(doing.conversation_id, actor=doing.actor, joins=step.next_words == "join")


_DO: dict[type, Callable[[Doing, Any], None]] = {
    AssignStep: _assign, TagStep: _tag, UntagStep: _untag, PrioritizeStep: _prioritize, ReplyStep: _reply,
    NoteStep: _note, CallStep: _call, PromiseStep: _promise, DescribeStep: _describe, MoveStep: _move, BindStep: _bind,
}  # fmt: skip
