"""From a mail to its bounces: reports for machines first, words for people where there are none."""

from __future__ import annotations

import msgspec

from careline.channels.email.bounces import complaints, notices, original, prose, signs, status
from careline.channels.email.bounces.bounce import Bounce
from careline.channels.email.mail import Mail

DELIVERY = ("message/delivery-status", "message/global-delivery-status")
COMPLAINT = "message/feedback-report"
MOST = 500


def bounces(mail: Mail) -> list[Bounce]:
    """One for every recipient the mail tells about, in its order; none when it tells about no delivery."""
    said, returned = signs.before_original(mail.text)
    about = original.message_id(mail, returned)
    feedback = [report.text for report in mail.reports if report.kind == COMPLAINT]
    if feedback or complaints.told_by_words(mail):
        return complaints.read(mail, feedback, returned, about)[:MOST]
    found = notices.read(mail.text) or complaints.unsubscribes(mail)
    for report in mail.reports:
        if report.kind in DELIVERY:
            found.extend(status.read(report.text, said, mail, about))
    if not found and (_declared(mail) or signs.told_by_words(mail)):
        # Some write the report into the text, some give the report of another server inside a mail of their own.
        for text in (said, mail.text):
            if not found and "final-recipient" in text.lower():
                found = status.read(text, text, mail, about)
        for inner in mail.nested:
            if not found and (_declared(inner) or inner.reports):
                found = bounces(inner)
        found = found or prose.read(mail, said, returned, about)
    return _once([*found, *_told_inside(mail)] if found else found)[:MOST]


def _told_inside(mail: Mail) -> list[Bounce]:
    """What reports within the mail say that came back: of other mails than this one, so it is told and not acted on."""
    found: list[Bounce] = []
    for inner in mail.nested:
        found.extend(bounces(inner) if _declared(inner) or inner.reports else _told_inside(inner))
    return [
        msgspec.structs.replace(one, action="reported", hard=False) if one.failed or one.action == "delayed" else one
        for one in found
    ]


def _declared(mail: Mail) -> bool:
    """It says of itself that it is a report about deliveries."""
    kind = mail.parameters.get("report-type", "").lower()
    return mail.kind == "multipart/report" and kind in {"delivery-status", "", "global-delivery-status"}


def _once(found: list[Bounce]) -> list[Bounce]:
    """An address told twice counts once: the first time, unless later more is known."""
    kept: dict[str, Bounce] = {}
    for one in found:
        key = one.address.casefold()
        if key not in kept or (kept[key].reason == "other" and one.reason != "other"):
            kept[key] = one
    return list(kept.values())
