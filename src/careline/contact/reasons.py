"""Why a person is not contacted: kept as an English sentence the catalogs know, told in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from careline.contact import reach, scopes
from careline.kit.sentences import Sentence, lasting

ERASED = gettext_noop("This person was erased.")
BLOCKED = gettext_noop("This person is blocked.")
HELD = gettext_noop("This person is not to be contacted for now.")
WITHDRAWN = gettext_noop("This person does not want to be written to for this.")
UNREACHABLE = gettext_noop("This channel knows no way to reach this person.")
SUPPRESSED = gettext_noop("Mail to every address of this person comes back.")
COMPLAINED = gettext_noop("This person called a mail of ours spam.")
TALKING = gettext_noop("A conversation with this person is open.")
AWAITED = gettext_noop("This person waits for an answer of ours.")
PROMISED = gettext_noop("A promise to this person is broken and not made good yet: %(promise)s.")
QUIET = gettext_noop("It is %(time)s where this person is (%(zone)s): quiet hours.")
LIMIT = gettext_noop("This person was written to as often as they may be: %(limit)s.")


def words(reason: str, terms: Mapping[str, Any] | None = None) -> str:
    """The reason as a sentence, with what stood in its places."""
    if not reason:
        return _("Nothing speaks against it.")
    given = dict(terms or {})
    if reason == LIMIT:
        given["limit"] = limit(given) if given else _("a limit")
    try:
        return _(reason) % given if given or "%(" in reason else _(reason)
    except KeyError:
        # What filled it was erased with the customer.
        return _("It was not the time.")


def limit(terms: Mapping[str, Any], *, short: bool = False) -> str:
    """A limit in words: at most 1 in 30 days (Surveys, all channels); the short ones leave the scope out."""
    hours, most = int(terms["hours"]), int(terms["most"])
    days, rest = divmod(hours, 24)
    span = (
        ngettext("%(num)s hour", "%(num)s hours", hours) % {"num": hours} if rest or not days
        else ngettext("%(num)s day", "%(num)s days", days) % {"num": days}
    )  # fmt: skip
    channel = reach.word(str(terms["channel"])) if terms["channel"] else _("all channels")
    if short:
        return _("at most %(most)s in %(span)s (%(channel)s)") % {"most": most, "span": span, "channel": channel}
    scope = scopes.called(str(terms["scope"]), str(terms["label"]))
    return _("at most %(most)s in %(span)s (%(scope)s, %(channel)s)") % {
        "most": most, "span": span, "scope": scope, "channel": channel,
    }  # fmt: skip


def passed(about: str, terms: Mapping[str, Any]) -> str:
    """What was looked at and speaks against nothing."""
    if about == "limit":
        return _("%(used)s so far, %(limit)s.") % {"used": terms["used"], "limit": limit(terms)}
    if terms.get("ignored"):
        return {
            "talk": _("Open conversations make no difference here."),
            "promise": _("Broken promises make no difference here."),
            "quiet": _("Quiet hours make no difference here."),
        }[about]
    return {
        "person": _("They are not blocked."),
        "hold": _("Nobody has asked to leave them alone."),
        "consent": _("They have not said no to this."),
        "reach": _("%(channel)s reaches them.") % {"channel": reach.word(str(terms.get("channel", "")))},
        "address": _("An address of theirs works."),
        "talk": _("No conversation with them stands in the way."),
        "promise": _("No promise to them is broken."),
        "quiet": _("It is %(time)s where they are (%(zone)s), which is no quiet hour.") % {
            "time": terms.get("time", ""), "zone": terms.get("zone", ""),
        },
    }[about]  # fmt: skip


def of_suppression(reason: str) -> Sentence:
    """Why nothing is sent to an address."""
    return {
        "user_unknown": lasting("Mail to this address came back: nobody there has this name."),
        "host_unknown": lasting("Mail to this address came back: there is no such mail domain."),
        "refused": lasting("Mail to this address came back: the other side refuses it for good."),
        "complaint": lasting("Somebody at this address called a mail of ours spam. Answers still go there."),
    }[reason]


def not_sent(reason: str) -> Sentence:
    """What stands at the message that was not sent, and what can be done."""
    return lasting(
        "%(why)s It was not tried again; once the address works, lift it under Settings, Suppressed addresses."
    ) % {"why": of_suppression(reason)}
