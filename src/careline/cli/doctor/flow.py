"""What should be flowing: reactions to the line, what comes in, what goes out, jobs, the months to come."""

from __future__ import annotations

from careline.cli.doctor.finding import Check, Finding, good, note, wrong
from careline.kit import clock

# Seconds after which "in a moment" is not believed anymore.
BEHIND = 120.0
WAITING = 600.0
_WORKERS = "Start the workers: careline up has them inside, careline work is them."


def subscribers() -> list[Finding]:
    from careline.cli.rooms import discover
    from careline.touchpoints.figures import STANDINGS
    from careline.touchpoints.subscribers import registered

    discover()
    known = {one.name for one in registered()}
    name, found = "reactions", []
    for one in STANDINGS.all():
        if one.ahead:
            mend = "Start the workers: they settle a restored line."
            found.append(wrong(name, f"{one.subscriber} stands where this database has not been yet.", mend))
        elif one.subscriber not in known:
            found.append(note(name, f"{one.subscriber} has a place and is not in this version."))
        elif one.failures:
            found.append(
                wrong(
                    name,
                    f"{one.subscriber} failed {one.failures} times: {one.error}.",
                    "It is a fault; it goes on by itself once mended.",
                )
            )
        elif one.behind and one.age > BEHIND:
            found.append(wrong(name, f"{one.subscriber} is {one.behind} behind, since {_span(one.age)}.", _WORKERS))
        if one.parked:
            mend = f"When mended: careline shell, then subscribers.retry_parked({one.subscriber!r})."
            found.append(wrong(name, f"{one.subscriber} could not take {one.parked} touchpoints.", mend))
    return found or [good(name, f"{len(known)} subscribers are up to date.")]


def outbox() -> list[Finding]:
    from careline.channels.figures import TRAFFIC

    traffic = TRAFFIC.one()
    assert traffic is not None
    found = []
    if traffic.out_age > WAITING and traffic.out_retrying < traffic.out_waiting:
        says = f"{traffic.out_waiting} messages wait to leave, the oldest since {_span(traffic.out_age)}."
        found.append(wrong("outbox", says, _WORKERS))
    elif traffic.out_retrying:
        found.append(
            note("outbox", f"{traffic.out_retrying} messages are tried again.", "Each says why in its thread.")
        )
    if traffic.out_failed_lately:
        says = f"{traffic.out_failed_lately} messages could not be delivered in the last day."
        found.append(wrong("outbox", says, "Settings, Inboxes says why for each."))
    elif traffic.out_failed:
        found.append(note("outbox", f"{traffic.out_failed} messages could not be delivered, none of them today."))
    return found or [good("outbox", f"{traffic.out_waiting} messages are on their way.")]


def inbound() -> list[Finding]:
    from careline.channels import illegible
    from careline.channels.figures import TRAFFIC

    traffic = TRAFFIC.one()
    assert traffic is not None
    found = []
    if traffic.in_age > WAITING:
        says = f"{traffic.in_waiting} deliveries wait to be taken in, the oldest since {_span(traffic.in_age)}."
        found.append(wrong("inbound", says, _WORKERS))
    if traffic.in_failed:
        says = f"{traffic.in_failed} deliveries were received and not understood; they are kept."
        found.append(wrong("inbound", says, "Settings, Inboxes says why for each and tries it again."))
    for name, n in illegible.of_today():
        says = f"Messages to {name} of the last day that could not be read: {n}. Conversations hold the originals."
        found.append(note("inbound", says, "Settings, Inboxes names them and says why."))
    return found or [good("inbound", f"{traffic.in_waiting} deliveries wait.")]


def mailboxes() -> list[Finding]:
    from careline.channels import visits

    sick = visits.overdue()
    mend = "Settings, Inboxes tests it; its settings, its provider or the workers are to be looked at."
    found = [wrong("mailboxes", f"{name}: {health.words}", mend) for name, health in sick]
    return found or [good("mailboxes", f"{len(visits.fetched_from())} are fetched from.")]


def jobs() -> list[Finding]:
    from careline.kit.backlog import BACKLOG

    backlog = BACKLOG.one()
    assert backlog is not None
    found = []
    if backlog.due and backlog.age > WAITING:
        found.append(wrong("jobs", f"{backlog.due} are due, the oldest since {_span(backlog.age)}.", _WORKERS))
    if backlog.stalled:
        found.append(
            note("jobs", f"{backlog.stalled} lost their worker; a worker takes them up again within a minute.")
        )
    if backlog.failed:
        found.append(note("jobs", f"{backlog.failed} failed in the last 30 days.", "The log says at which place."))
    if not backlog.workers:
        found.append(note("jobs", "No worker is at work just now.", _WORKERS))
    return found or [good("jobs", f"{backlog.workers} workers are at work, {backlog.due} jobs are due.")]


def months() -> Finding:
    from careline.touchpoints.figures import NEWEST_MONTH

    newest = NEWEST_MONTH.one()
    assert newest is not None
    today = clock.now()
    following = f"{today.year + today.month // 12}_{today.month % 12 + 1:02}"
    if newest.month < following:
        return wrong(
            "months", f"The line has months to {newest.month} only; later ones land in its open end.", _WORKERS
        )
    return good("months", f"The line has months to {newest.month}.")


def columnar() -> list[Finding]:
    from careline.insights import figures

    late = figures.behind()
    if late.touchpoints and late.age > BEHIND:
        says = f"Analysis is {late.touchpoints} touchpoints behind, the oldest since {_span(late.age)}."
        return [wrong("columnar", says, _WORKERS)]
    return [good("columnar", "Analysis reads a copy that is up to date.")]


def audit() -> list[Finding]:
    from careline.accounts import seals

    found = seals.verify()
    if found.broken:
        says = f"The audit log is not what was sealed, from {found.broken} on: {found.why}."
        mend = (
            "Compare that day with a backup or an export; nothing in Careline changes the log. After a change of "
            "CARELINE_SECRET_KEY: careline shell, then accounts.seals.anew()."
        )
        return [wrong("audit", says, mend)]
    if found.until is None:
        return [good("audit", "The audit log is sealed day by day, from tomorrow on.")]
    return [good("audit", f"The audit log is as it was sealed on {found.days} days, the last {found.until}.")]


def _span(seconds: float) -> str:
    if seconds < 7200:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3600:.0f} hours" if seconds < 172800 else f"{seconds / 86400:.0f} days"


CHECKS: dict[str, Check] = {
    "reactions": subscribers, "outbox": outbox, "inbound": inbound, "mailboxes": mailboxes, "jobs": jobs,
    "months": months, "columnar": columnar, "audit": audit,
}  # fmt: skip
