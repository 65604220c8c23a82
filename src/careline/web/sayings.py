"""What a moment says in words: its head, the way it came, its notes, and how it felt where somebody said so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext, gettext_noop, ngettext

from careline.kit.money import Money
from careline.kit.text import excerpt
from careline.touchpoints import feelings
from careline.web import shopping

# Shares of a scale of ease under which each next weight of the line begins.
EASE = (0.8, 0.6, 0.4)
CHANNELS = {"webchat": gettext_noop("Chat"), "api": gettext_noop("API"), "email": gettext_noop("Email")}
STANDING = {
    "conversation.resolved": gettext_noop("resolved"),
    "conversation.snoozed": gettext_noop("snoozed"),
    "conversation.reopened": gettext_noop("open again"),
}
Facts = Mapping[str, Any]
Saying = dict[str, Any]


def channel_icon(channel: str) -> str:
    return {"api": "code", "email": "mail", "phone": "phone", "voice": "phone", "sms": "smartphone"}.get(
        channel, "chat"
    )


def channel_word(channel: str) -> str:
    word = CHANNELS.get(channel)
    return gettext(word) if word else channel


def feeling(touches: Sequence[tuple[str, Facts]]) -> int | None:
    """-2 to 2, by the last that said so; None while nobody did."""
    levels = (feelings.level(kind, facts) for kind, facts in reversed(touches))
    return next((level for level in levels if level is not None), None)


def effort(touches: Sequence[tuple[str, Facts]]) -> int:
    """0 to 3, how hard it was by the customer's own answer; 0 while nobody said."""
    for kind, facts in reversed(touches):
        score, top = facts.get("score"), facts.get("scale_max")
        if kind == "survey.answered" and facts.get("metric") in feelings.OF_EFFORT and score is not None and top:
            return sum(float(score) / float(top) < bound for bound in EASE)
    return 0


def conversation(touches: Sequence[tuple[str, Facts]], about: str) -> Saying:
    """One talk: who began it, how much was said, and where it stands."""
    messages = [(kind, facts) for kind, facts in touches if kind in ("message.received", "message.sent")]
    ours = bool(messages) and messages[0][0] == "message.sent"
    subject = next((str(facts["subject"]) for _, facts in touches if facts.get("subject")), "")
    words = next((str(facts["preview"]) for _, facts in messages if facts.get("preview")), "")
    notes = []
    if len(messages) > 1:
        notes.append(ngettext("%(count)s message", "%(count)s messages", len(messages)) % {"count": len(messages)})
    standing = next((STANDING[kind] for kind, _ in reversed(touches) if kind in STANDING), "")
    notes += [gettext(standing)] if standing else []
    channel = next((str(facts["channel"]) for _, facts in touches if facts.get("channel")), "")
    return {
        "head": about or subject or quoted(words) or (gettext("We wrote") if ours else gettext("Wrote to us")),
        "icon": channel_icon(channel),
        "way": channel_word(channel) or gettext("Talk"),
        "shape": "sent" if ours else "talk",
        "notes": notes,
    }


def quoted(words: str) -> str:
    return gettext("“%(words)s”") % {"words": excerpt(words, 60)} if words.strip() else ""


def single(kind: str, facts: Facts, count: int) -> Saying:
    saying = SAYINGS.get(kind)
    if saying:
        return saying(facts, count)
    if step := shopping.step(kind, facts):
        return step
    return {"head": kind.replace(".", " ").replace("-", " "), "icon": "history", "way": gettext("Moment")}


def pages(facts: Facts, count: int) -> Saying:
    read = ngettext("Read a page", "Read %(count)s pages", count) % {"count": count}
    return {"head": read, "icon": "web", "way": gettext("Web"), "notes": told(facts, "title")}


def event(facts: Facts, _count: int) -> Saying:
    head = str(facts.get("name", "")) or gettext("Event")
    return {"head": head, "icon": "web", "way": gettext("Event"), "notes": shopping.worth(facts)}


def ordered(facts: Facts, _count: int) -> Saying:
    items = facts.get("items") or []
    head = gettext("Ordered %(what)s") % {"what": items[0]["name"]} if items else gettext("Ordered")
    if len(items) > 1:
        head += gettext(", +%(count)s more") % {"count": len(items) - 1}
    paid = [str(Money(facts["total_minor"], facts["currency"]))] if facts.get("currency") else []
    return {
        "head": head,
        "icon": "order",
        "way": gettext("Order"),
        "shape": "deal",
        "notes": told(facts, "order") + paid,
    }


def delivered(facts: Facts, _count: int) -> Saying:
    late = facts.get("days_late") or 0
    head = gettext("Order delivered")
    if late > 0:
        head = ngettext("Delivered %(days)s day late", "Delivered %(days)s days late", late) % {"days": late}
    notes = told(facts, "order", "carrier")
    return {"head": head, "icon": "box", "way": gettext("Delivery"), "shape": "deal", "notes": notes}


def visited(facts: Facts, _count: int) -> Saying:
    return {
        "head": gettext("Came by"),
        "icon": "store",
        "way": gettext("Store"),
        "notes": told(facts, "place"),
    }


def answered(facts: Facts, _count: int) -> Saying:
    score, top = facts.get("score"), facts.get("scale_max")
    given = []
    if score is not None:
        metric = str(facts.get("metric", "")).upper()
        given = [f"{metric} {score:g}"] if not top else [
            gettext("%(metric)s %(score)s of %(top)s") % {"metric": metric, "score": f"{score:g}", "top": f"{top:g}"}
        ]  # fmt: skip
    head = quoted(str(facts.get("text", ""))) or gettext("Answered a survey")
    return {"head": head, "icon": "answer", "way": gettext("Survey"), "shape": "answer", "notes": given}


def outreach(facts: Facts, _count: int) -> Saying:
    head = quoted(str(facts.get("preview", ""))) or gettext("We wrote")
    return {"head": head, "icon": "send", "way": gettext("Outreach"), "shape": "sent"}


def blocked(_facts: Facts, _count: int) -> Saying:
    return {"head": gettext("Blocked"), "icon": "ban", "way": gettext("Block")}


def unblocked(_facts: Facts, _count: int) -> Saying:
    return {"head": gettext("No longer blocked"), "icon": "ban", "way": gettext("Block")}


def held(_facts: Facts, _count: int) -> Saying:
    return {"head": gettext("Not to be contacted"), "icon": "hand", "way": gettext("Contact")}


def released(_facts: Facts, _count: int) -> Saying:
    return {"head": gettext("May be contacted again"), "icon": "hand", "way": gettext("Contact")}


def told(facts: Facts, *names: str) -> list[str]:
    return [str(facts[name]) for name in names if facts.get(name)]


SAYINGS = {
    "page.viewed": pages,
    "event.tracked": event,
    "screen.viewed": shopping.screen,
    "customer.described": shopping.described,
    "customer.aliased": shopping.aliased,
    "group.joined": shopping.grouped,
    "group.left": shopping.ungrouped,
    "order.placed": ordered,
    "order.delivered": delivered,
    "visit.checked-in": visited,
    "survey.answered": answered,
    "outbound.queued": outreach,
    "customer.blocked": blocked,
    "customer.unblocked": unblocked,
    "contact.held": held,
    "contact.released": released,
}
