"""Somebody pressed "this is spam": reports of RFC 5965 (ARF), and mails that say so in words."""

from __future__ import annotations

import re

from careline.channels.email import addresses
from careline.channels.email.bounces import original
from careline.channels.email.bounces.bounce import Bounce
from careline.channels.email.mail import Mail

_FIELD = re.compile(
    r"^(original-rcpt-to|removal-recipient|feedback-type)[ \t]*:[ \t]*(.{0,1000})$", re.IGNORECASE | re.MULTILINE
)
# Types that tell of something else than a person's complaint.
_OTHERWISE = {"not-spam", "dkim", "auth-failure"}
_ABOUT = re.compile(
    r"^\s*(complaint about (a )?message|abuse report|e-?mail feedback report|spam complaint)", re.IGNORECASE
)
_WORDS = re.compile(r"this is an? (email )?(abuse|spam|complaint|fbl) (report|about|notification)", re.IGNORECASE)


def unsubscribes(mail: Mail) -> list[Bounce]:
    """A mail program that takes its owner off a list, by itself and without a word of theirs."""
    if (mail.header("x-apple-unsubscribe") or "").lower() != "true" or mail.author is None:
        return []
    return [Bounce(address=mail.author.address, reason="complaint", action="complained")]


def told_by_words(mail: Mail) -> bool:
    """Without a report for machines: a subject that says so, and the mail that was meant."""
    about = _ABOUT.search(mail.subject) or (_WORDS.search(mail.text[:5_000]) and "complaint" in mail.subject.lower())
    return bool(about and mail.nested and not mail.reports and not mail.in_reply_to)


def read(mail: Mail, reports: list[str], returned: str, about: str) -> list[Bounce]:
    """The recipients who complained. Providers hide them; then it is whom the mail was written to."""
    fields = [(name.lower(), value.strip()) for text in reports for name, value in _FIELD.findall(text)]
    otherwise = any(name == "feedback-type" and value.lower() in _OTHERWISE for name, value in fields)
    named = [one.address for name, value in fields if name != "feedback-type" for one in addresses.read(value)]
    people = named or original.recipients(mail, returned) or [""]
    return [
        Bounce(address=address, reason="other", action="reported", message_id=about)
        if otherwise
        else Bounce(address=address, reason="complaint", action="complained", message_id=about)
        for address in dict.fromkeys(people)
    ]
