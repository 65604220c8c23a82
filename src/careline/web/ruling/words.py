"""A rule in words: when, if and then, each a line."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from careline.accounts import queries as accounts
from careline.accounts.actor import SYSTEM
from careline.customers import queries as customers
from careline.hooks import queries as hooks
from careline.kit import sentences, text
from careline.service.conversations.conditions import catalog
from careline.service.conversations.conditions.wording import span
from careline.service.rules import promising, templates
from careline.service.rules.shapes import (
    AssignStep,
    BindStep,
    CallStep,
    Content,
    DescribeStep,
    MoveStep,
    NoteStep,
    PrioritizeStep,
    PromiseStep,
    ReplyStep,
    RuleWhen,
    TagStep,
    Then,
    UntagStep,
    WaitStep,
)
from careline.web import kind_words


def sinces() -> dict[str, str]:
    return {
        "silence": _("the last word, while it is open"), "opened": _("it was opened, while it is open"),
        "resolved": _("it was resolved"),
    }  # fmt: skip


def steps() -> dict[str, str]:
    """What a rule can do, in the order it is offered."""
    return {
        "tag": _("Add tags"), "untag": _("Take tags away"), "priority": _("Set the priority"),
        "assign": _("Give it to"), "reply": _("Answer the customer"), "note": _("Write a note"),
        "state": _("Set the state"), "field": _("Set an attribute"), "webhook": _("Tell a program"),
        "promise": _("Keep a promise"),
        "thread": _("The next words after a resolution"), "wait": _("Wait, then go on"),
    }  # fmt: skip


def states() -> dict[str, str]:
    return {
        "resolved": _("resolved"), "open": _("open"), "snoozed": _("snoozed for"), "spam": _("spam"),
        "trash": _("trash"),
    }  # fmt: skip


def next_words() -> dict[str, str]:
    return {"join": _("come into this conversation"), "begin": _("begin a new conversation")}


def when(found: RuleWhen) -> str:
    if found.kind:
        return kind_words.word(found.kind)
    since, minutes = sinces()[found.since or "silence"], span(found.minutes or 0)
    return _("%(time)s since %(what)s") % {"time": minutes, "what": since}


class Names:
    """What steps name by number, looked up once for a page."""

    def __init__(self) -> None:
        self.agents = {str(one.pk): one.name for one in accounts.agents(SYSTEM)}
        self.teams = {str(one.pk): one.name for one in accounts.teams(SYSTEM)}
        self.programs = {str(one.pk): one.name for one in hooks.endpoints(SYSTEM)}
        self.promises = dict(promising.policies(SYSTEM))
        self.attributes = {one.name: one.label for one in customers.attributes("conversation")}
        self.languages = [get_language() or "en", *accounts.organization().languages]

    def then(self, says: Content) -> list[str]:
        return [self.step(one) for one in says.then]

    def step(self, one: Then) -> str:
        gone = _("what is no longer there")
        match one:
            case TagStep():
                return _("add %(tags)s") % {"tags": ", ".join(one.tags)}
            case UntagStep():
                return _("take %(tags)s away") % {"tags": ", ".join(one.tags)}
            case PrioritizeStep():
                return _("set the priority to %(level)s") % {"level": catalog.choice_words("priority")[one.priority]}
            case AssignStep():
                named = [self.agents.get(one.agent_id, gone)] if one.agent_id else []
                named += [self.teams.get(one.team_id, gone)] if one.team_id else []
                return _("give it to %(who)s") % {"who": ", ".join(named)}
            case ReplyStep():
                return _("answer “%(words)s”") % {
                    "words": text.excerpt(templates.in_language(one.words, *self.languages), 60)
                }
            case NoteStep():
                return _("note “%(words)s”") % {"words": text.excerpt(one.words, 60)}
            case CallStep():
                return _("tell %(program)s") % {"program": self.programs.get(one.endpoint_id, gone)}
            case PromiseStep() if one.policy_id:
                return _("keep the promise %(name)s") % {"name": self.promises.get(one.policy_id, gone)}
            case PromiseStep():
                return _("keep the promise its conditions say")
            case DescribeStep():
                return _("set %(name)s to %(value)s") % {
                    "name": self.attributes.get(one.name, one.name), "value": _value(one.value),
                }  # fmt: skip
            case MoveStep() if one.state == "snoozed":
                return _("snooze it for %(time)s") % {"time": span(one.minutes or 0)}
            case MoveStep():
                return _("set it to %(state)s") % {"state": states()[one.state]}
            case WaitStep():
                return _("wait %(time)s; go on if nobody has said anything") % {"time": span(one.minutes)}
            case BindStep():
                return _("the next words %(where)s") % {"where": next_words()[one.next_words]}


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return _("nothing") if value is None else str(value)


def done(result: dict[str, Any]) -> tuple[str, str]:
    """A step that was taken, and why not where it was refused."""
    return steps().get(result["do"], result["do"]), sentences.told(result.get("why", ""))


def told(did: list[str], refused: list[str], *, by: str) -> str:
    """In the thread: that a rule ran, and what it could not do."""
    if not refused:
        return _("The rule “%(name)s” ran") % {"name": by}
    known = steps()
    what = ", ".join(known.get(one, one) for one in refused)
    return _("The rule “%(name)s” ran, but not all of it: %(what)s") % {"name": by, "what": what}
