"""What a moment says in words: its head, the way it came, its notes, and how it felt where somebody said so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext, gettext_noop, ngettext

from careline.contact import reasons, scopes
from careline.kit.money import Money
from careline.kit.text import excerpt
from careline.touchpoints import feelings
from careline.web import promising, recovering, shopping

# What somebody of the team added by hand: the word of its way, and its shape in the list.
BY_HAND = {
    "call": (gettext_noop("Telephone call"), "phone"),
    "meeting": (gettext_noop("Meeting"), "users"),
    "visit": (gettext_noop("Visit in the shop"), "store"),
    "letter": (gettext_noop("Letter"), "mail"),
    "other": (gettext_noop("Something else"), "note"),
}
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


def effort_parts(parts: Mapping[str, int]) -> list[str]:
    """What effort was counted from, in words; what was not there is not told."""
    n = {name: int(parts.get(name, 0)) for name in feelings.PARTS}
    words = {
        "contacts": ngettext("came %(count)s more time", "came %(count)s more times", n["contacts"]),
        "waits": ngettext("waited long %(count)s time", "waited long %(count)s times", n["waits"]),
        "transfers": ngettext("passed on %(count)s time", "passed on %(count)s times", n["transfers"]),
        "switches": ngettext(
            "changed the channel %(count)s time", "changed the channel %(count)s times", n["switches"]
        ),
    }
    return [words[name] % {"count": count} for name, count in n.items() if count]


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
    head = about or subject
    last = next((str(facts.get("preview", "")) for kind, facts in reversed(touches) if kind == "message.received"), "")
    return {
        "head": head or quoted(words) or (gettext("We wrote") if ours else gettext("Wrote to us")),
        "said": "" if last.startswith((head or words).rstrip("…")) else last,
        "icon": channel_icon(channel),
        "way": channel_word(channel) or gettext("Talk"),
        "shape": "sent" if ours else "talk",
        "notes": notes,
    }


def said(kind: str, facts: Facts) -> Saying:
    """One moment of a talk that is looked at by itself."""
    channel = str(facts.get("channel", ""))
    words = str(facts.get("preview", ""))
    heads = {
        "conversation.opened": gettext("The conversation began"),
        "conversation.resolved": gettext("Resolved"),
        "conversation.reopened": gettext("Open again"),
        "conversation.snoozed": gettext("Snoozed"),
        "conversation.woken": gettext("Back from the snooze"),
        "conversation.marked": gettext("Put away, or taken out again"),
        "message.received": gettext("Wrote to us"),
        "message.sent": gettext("We answered"),
    }
    return {
        "head": heads.get(kind, "") or single(kind, facts, 1)["head"],
        "said": words,
        "icon": channel_icon(channel) if channel else "history",
        "way": channel_word(channel) or gettext("Talk"),
        "shape": "sent" if kind == "message.sent" else "talk",
    }


def visit(touches: Sequence[tuple[str, Facts]]) -> Saying:
    """Pages and shop in one go: the step that says most, and how many there were."""
    kinds = [kind for kind, _ in touches]
    if set(kinds) == {"page.viewed"}:
        return pages(touches[0][1], len(touches))
    rank, latest = max((_weight(kind), n) for n, kind in enumerate(kinds))
    told_most = single(kinds[latest], touches[latest][1], 1)
    steps = ngettext("%(count)s step", "%(count)s steps", len(touches)) % {"count": len(touches)}
    return {**told_most, "notes": [*told_most.get("notes", []), steps] if rank else [steps]}


def _weight(kind: str) -> int:
    """What is nearer to buying says more of a visit."""
    order = ("page", "screen", "event", "products", "promotion", "product", "coupon", "cart", "checkout", "payment")
    first = kind.partition(".")[0]
    return order.index(first) if first in order else 0


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


def by_hand(facts: Facts, _count: int) -> Saying:
    word, icon = BY_HAND.get(str(facts.get("way", "")), BY_HAND["other"])
    author = gettext("added by %(name)s") % {"name": facts.get("author", "")}
    return {
        "head": gettext(word), "said": str(facts.get("words", "")), "icon": icon, "way": gettext("By hand"),
        "notes": [author],
    }  # fmt: skip


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


def refrained(facts: Facts, _count: int) -> Saying:
    """We would have written and did not; what was allowed is told by what was written."""
    purpose = str(facts.get("purpose", ""))
    called = scopes.called(purpose, scopes.LABELS.get(purpose, purpose))
    return {
        "head": gettext("Not written to: %(what)s") % {"what": called},
        "said": reasons.words(str(facts.get("reason", "")), facts.get("terms")),
        "icon": "hand", "way": gettext("Contact"),
    }  # fmt: skip


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
    "moment.added": by_hand,
    "outbound.queued": outreach,
    "customer.blocked": blocked,
    "customer.unblocked": unblocked,
    "contact.decided": refrained,
    "contact.held": held,
    "contact.released": released,
    **promising.SAYINGS,
    **recovering.SAYINGS,
}


def status_words() -> dict[str, str]:
    return {
        "ready": gettext("Ready"), "busy": gettext("Busy"), "break": gettext("On a break"), "away": gettext("Away"),
        "off": gettext("Off"),
    }  # fmt: skip
