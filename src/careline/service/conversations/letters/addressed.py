"""Recipients as somebody typed them."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from careline.channels.letters import Letter, Party
from careline.kit import contacts, text
from careline.kit.refusals import Refused

# Who writes to more at once sends a campaign.
MOST = 50
SUBJECT_LIMIT = 500


def checked(letter: Letter) -> Letter:
    """Only what a person may choose: to, cc, bcc and subject; Refused names the field."""
    to, cc, bcc = (_parties(getattr(letter, field), field) for field in ("to", "cc", "bcc"))
    if not (to or cc or bcc):
        raise Refused(_("Say whom it goes to."), field="to")
    if len(to) + len(cc) + len(bcc) > MOST:
        raise Refused(_("A mail goes to at most %(most)s people.") % {"most": MOST}, field="to")
    subject = text.clean(" ".join(letter.subject.split()), field="subject", limit=SUBJECT_LIMIT)
    return Letter(to=to, cc=cc, bcc=bcc, subject=subject)


def _parties(given: Iterable[Party], field: str) -> tuple[Party, ...]:
    found: dict[str, Party] = {}
    for one in given:
        try:
            found.setdefault(contacts.email_key(one.address), Party(one.address.strip(), " ".join(one.name.split())))
        except Refused:
            wrong = {"address": text.excerpt(one.address, 80)}
            raise Refused(_("“%(address)s” does not look like an email address.") % wrong, field=field) from None
    return tuple(found.values())
