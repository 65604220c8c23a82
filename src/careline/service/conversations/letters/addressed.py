"""Recipients as somebody typed them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from careline.channels.letters import Letter, Party
from careline.kit import contacts, text
from careline.kit.refusals import Refused

# Who writes to more at once sends a campaign.
MOST = 50
SUBJECT_LIMIT = 500
LONGEST = 10_000
FIELDS = ("to", "cc", "bcc")
# Quoted, in brackets, or any letter that parts nobody from the next.
_ONE = re.compile(r'(?:"(?:[^"\\]|\\.)*"|<[^<>]*>|[^,;\n])+')
_NAMED = re.compile(r"\s*(?P<name>.*?)\s*<(?P<address>[^<>]*)>\s*", re.DOTALL)
_PLAIN = re.compile(r"[^,;<>\"\\\n]+")


def checked(letter: Letter) -> Letter:
    """Only what a person may choose: to, cc, bcc, subject, and whether it quotes; Refused names the field."""
    to, cc, bcc = (parties(getattr(letter, field), field) for field in FIELDS)
    if not (to or cc or bcc):
        raise Refused(_("Say whom it goes to."), field="to")
    if len(to) + len(cc) + len(bcc) > MOST:
        raise Refused(_("A mail goes to at most %(most)s people.") % {"most": MOST}, field="to")
    subject = text.clean(" ".join(letter.subject.split()), field="subject", limit=SUBJECT_LIMIT)
    return Letter(to=to, cc=cc, bcc=bcc, subject=subject, verbatim=bool(subject), quotes=letter.quotes)


def of_fields(given: Mapping[str, str], *, quotes: bool | None = None) -> Letter:
    """What stands in the fields to, cc, bcc and subject; addresses parted by commas, each perhaps with a name."""
    to, cc, bcc = (typed(given.get(field, ""), field) for field in FIELDS)
    return checked(Letter(to=to, cc=cc, bcc=bcc, subject=given.get("subject", ""), quotes=quotes))


def typed(words: str, field: str) -> tuple[Party, ...]:
    """`Ada Lovelace <ada@example.com>, bo@example.com`"""
    if len(words) > LONGEST:
        raise Refused(_("A mail goes to at most %(most)s people.") % {"most": MOST}, field=field)
    found = [_party(one) for one in _ONE.findall(words.replace("\r", "\n")) if one.strip()]
    return parties(found, field)


def written(parties: Iterable[Party]) -> str:
    """As `typed` reads it."""
    return ", ".join(one.address if not one.name else f"{_quoted(one.name)} <{one.address}>" for one in parties)


def _party(one: str) -> Party:
    named = _NAMED.fullmatch(one)
    if named is None:
        return Party(one.strip())
    name = named["name"]
    if len(name) > 1 and name[0] == name[-1] == '"':
        name = re.sub(r"\\(.)", r"\1", name[1:-1])
    return Party(named["address"].strip(), name)


def _quoted(name: str) -> str:
    if _PLAIN.fullmatch(name):
        return name
    return '"{}"'.format(name.replace("\\", "\\\\").replace('"', '\\"'))


def parties(given: Iterable[Party], field: str) -> tuple[Party, ...]:
    found: dict[str, Party] = {}
    for one in given:
        try:
            name = text.clean(" ".join(one.name.split()), field=field, limit=300)
            found.setdefault(contacts.email_key(one.address), Party(one.address.strip(), name))
        except Refused:
            wrong = {"address": text.excerpt(one.address, 80)}
            raise Refused(_("“%(address)s” does not look like an email address.") % wrong, field=field) from None
    return tuple(found.values())
