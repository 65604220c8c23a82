"""The lines of a mailbox's screen, by what they are about."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from django.utils.translation import gettext as _

from careline.channels.guiding import Field

_GROUPS = {
    "account": ("address", "sender", "aliases", "form", "form_words"),
    "receiving": ("imap_user", "imap_password", "imap_host", "imap_port", "imap_security", "imap_folder", "imap_old"),
    "sending": ("smtp_host", "smtp_port", "smtp_security", "smtp_user", "smtp_password", "per_minute", "authority"),
    "writing": ("signature", "quote", "number", "acknowledgement", "acknowledgement_closed"),
    "threading": ("reopen_days", "look_inside", "reply_to_is_sender"),
    "consent": ("sign_in", "client_id", "client_secret", "tenant"),
    # Comes from the provider, and is not typed.
    "unseen": ("refresh_token",),
}
_GROUP_OF = {name: group for group, names in _GROUPS.items() for name in names}
# Nothing works without them.
_FIRST = {"imap_user", "imap_password"}
_REST = "advanced"


def titles() -> tuple[tuple[str, str], ...]:
    return (
        ("account", _("The mailbox")),
        ("receiving", _("Receiving (IMAP)")),
        ("sending", _("Sending (SMTP)")),
        ("writing", _("Writing")),
        ("threading", _("Conversations")),
        ("consent", _("Google and Microsoft")),
        (_REST, _("Advanced")),
    )


def grouped(fields: Iterable[Field]) -> tuple[Field, ...]:
    return tuple(
        msgspec.structs.replace(one, group=_GROUP_OF.get(one.name, _REST), first=one.name in _FIRST) for one in fields
    )
