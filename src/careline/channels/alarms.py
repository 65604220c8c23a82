"""What those who manage inboxes are told by mail, without being asked."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careline.accounts import queries as accounts
from careline.accounts.actor import SYSTEM
from careline.channels import illegible, queries
from careline.kit import mail

_log = logging.getLogger(__name__)
# Subject and text, in the language of the moment.
Words = Callable[[dict[str, Any]], tuple[str, str]]


def tell_of_breaker(inbox_id: int) -> None:
    def words(named: dict[str, Any]) -> tuple[str, str]:
        return _("Automatic answers of %(inbox)s are stopped") % named, _(
            "%(inbox)s has sent more automatic answers in an hour than it may. Perhaps two machines answer "
            "each other. Until somebody has looked, it sends no more of them; everything else goes on.\n\n"
            "See what came in, and let it answer again here:\n%(link)s\n"
        ) % named

    _tell(inbox_id, words)


def tell_of_illegible() -> None:
    """At most once a day for each inbox, however many there were."""
    for inbox_id in illegible.waiting():
        claimed = illegible.claim(inbox_id)
        if claimed is not None and not _tell(inbox_id, _unread, n=claimed.n):
            illegible.give_back(claimed)


def _unread(named: dict[str, Any]) -> tuple[str, str]:
    subject = ngettext(
        "%(inbox)s: %(n)s message could not be read", "%(inbox)s: %(n)s messages could not be read", named["n"]
    )  # fmt: skip
    return subject % named, _(
        "Messages to %(inbox)s that could not be read: %(n)s. None is lost. Each is kept as it came: as a "
        "conversation with the original attached, or among what got stuck, where it can be tried again.\n\n"
        "See when they came, and why they could not be read:\n%(link)s\n\n"
        "You hear this of each inbox at most once a day.\n"
    ) % named


def _tell(inbox_id: int, words: Words, **more: int) -> bool:
    """One mail to each who may manage inboxes; one that cannot be sent keeps the others from nothing.

    False when there was somebody to tell and nobody could be.
    """
    link = f"{settings.CARELINE_BASE_URL}/settings/inboxes/{inbox_id}"
    named = {"inbox": queries.by_id(SYSTEM, inbox_id).name, "link": link, **more}
    told = failed = 0
    for agent in accounts.agents(SYSTEM):
        if not agent.is_active or "inboxes.manage" not in agent.role.permissions:
            continue
        with translation.override(agent.language):
            try:
                mail.send(agent.email, *words(named))
                told += 1
            except mail.NotSent:
                _log.warning("An alarm could not be mailed to agent %s.", agent.pk)
                failed += 1
    return bool(told) or not failed
