"""What steps and their ways are called, and the pages of the room."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from careline.web.doors import AgentRequest


def kinds() -> dict[str, str]:
    return {
        "say": _("Say"), "ask": _("Ask"), "choose": _("Let them choose"), "branch": _("Branch"),
        "set": _("Set a value"), "call": _("Call a program"), "look": _("Look up"), "offer": _("Offer an article"),
        "wait": _("Wait"), "hand_over": _("Hand over"), "end": _("End"),
    }  # fmt: skip


SHAPES = {
    "say": "chat", "ask": "answer", "choose": "checks", "branch": "sift", "set": "pencil", "call": "plug",
    "look": "search", "offer": "note", "wait": "clock", "hand_over": "users", "end": "check",
}  # fmt: skip


def way(name: str) -> str:
    """`option 2` is "2"; the others by their word."""
    word, _space, number = name.partition(" ")
    if number:
        return number
    return {
        "next": _("then"), "otherwise": _("otherwise"), "failed": _("if it fails"), "declined": _("if they say no"),
    }.get(word, word)  # fmt: skip


def ways() -> dict[str, str]:
    return {
        "next": _("Then"), "otherwise": _("Otherwise"), "failed": _("If it fails"), "declined": _("If they say no"),
    }  # fmt: skip


def wants() -> dict[str, str]:
    """What a flow wants done, as rehearsals keep it."""
    return {
        "speak": _("says"), "phrase": _("asks again"), "fetch": _("looks up"), "later": _("waits"),
        "person": _("a person"), "finish": _("ends"),
    }  # fmt: skip


def reasons() -> dict[str, str]:
    return {
        "wish": _("they wished for one"), "step": _("the flow leads there"), "stuck": _("it found no way on"),
        "repeated": _("they said the same twice"), "failed": _("something failed"),
        "identity": _("who they are is not proven"), "loop": _("it went round too long"),
        "long": _("their message was too long"),
    }  # fmt: skip


def phrases() -> dict[str, str]:
    return {
        "again": _("(asks for it again)"), "which": _("(asks which of them)"), "yes_or_no": _("(asks for yes or no)"),
        "too_long": _("(says that it was too long)"),
    }  # fmt: skip


def checks() -> list[tuple[str, str]]:
    return [
        ("text", _("any words")), ("number", _("a number")), ("email", _("a mail address")),
        ("phone", _("a phone number")), ("date", _("a day")),
    ]  # fmt: skip


def hows() -> list[tuple[str, str]]:
    return [
        ("is", _("is")), ("is_not", _("is not")), ("over", _("is over")), ("under", _("is under")), ("has", _("has")),
        ("known", _("is known")), ("unknown", _("is not known")),
    ]  # fmt: skip


def tabs() -> list[tuple[str, str, str]]:
    return [
        ("bots", "/bots", _("Flows")), ("intents", "/intents", _("Intents")),
        ("where", "/bots/where", _("Where they answer")), ("quality", "/bots/quality", _("Quality")),
    ]  # fmt: skip


def page(
    request: AgentRequest, template: str, context: dict[str, Any], *, tab: str = "", status: int = 200
) -> HttpResponse:
    shared = {
        "tabs": tabs(), "tab": tab, "done": request.GET.get("done", ""), "errors": {}, "kinds": kinds(),
        "shapes": SHAPES, "way_word": way,
    }  # fmt: skip
    return render(request, template, shared | context, status=status)
