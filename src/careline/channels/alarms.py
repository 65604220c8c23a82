"""What those who manage inboxes are told by mail, without being asked."""

from __future__ import annotations

import logging

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from careline.accounts import queries as accounts
from careline.accounts.actor import SYSTEM
from careline.channels import queries
from careline.kit import mail

_log = logging.getLogger(__name__)


def tell_of_breaker(inbox_id: int) -> None:
    """One mail to each who may put the breaker back. One that cannot be sent keeps the others from nothing."""
    name = queries.by_id(SYSTEM, inbox_id).name
    link = f"{settings.CARELINE_BASE_URL}/settings/inboxes/{inbox_id}"
    for agent in accounts.agents(SYSTEM):
        if not agent.is_active or "inboxes.manage" not in agent.role.permissions:
            continue
        with translation.override(agent.language):
            try:
                mail.send(
                    agent.email,
                    _("Automatic answers of %(inbox)s are stopped") % {"inbox": name},
                    _(
                        "%(inbox)s has sent more automatic answers in an hour than it may. Perhaps two machines answer "
                        "each other. Until somebody has looked, it sends no more of them; everything else goes on.\n\n"
                        "See what came in, and let it answer again here:\n%(link)s\n"
                    )
                    % {"inbox": name, "link": link},
                )
            except mail.NotSent:
                _log.warning("An alarm could not be mailed to agent %s.", agent.pk)
