"""A report is made, changed, taken away, and sent to oneself to see how it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from careline.accounts import audit
from careline.accounts import queries as accounts
from careline.accounts.actor import Actor
from careline.accounts.reach import oneself
from careline.insights.metrics import board as boards
from careline.insights.metrics import choosing
from careline.insights.models import Report, Sending
from careline.insights.reports import jobs, queries, timing
from careline.kit import clock, text
from careline.kit.refusals import NotVisible, Refused

KEPT = ("view", *choosing.PARTS[:-1])
DAYS = (0, 7, 28, 90, 365)
MOST, MOST_RECIPIENTS = 100, 100


@transaction.atomic
def make(
    name: str, *, actor: Actor, every: str, recipients: Sequence[int], chosen: Mapping[str, str], day: int = 0,
    hour: int = 7, days: int = 0, formats: Sequence[str] = ("pdf",),
) -> Report:  # fmt: skip
    actor.must("reports.view")
    if Report.objects.count() >= MOST:
        raise Refused(_("There are at most %(most)s reports.") % {"most": MOST}, field="name")
    report = Report(made_by=oneself(actor), created_at=clock.now())
    _say(report, actor, name=name, every=every, recipients=recipients, chosen=chosen, day=day, hour=hour, days=days,
         formats=formats)  # fmt: skip
    audit.record("report.made", f"report:{report.pk}", actor=actor)
    return report


@transaction.atomic
def change(
    report_id: int, *, actor: Actor, name: str, every: str, recipients: Sequence[int], chosen: Mapping[str, str],
    day: int = 0, hour: int = 7, days: int = 0, formats: Sequence[str] = ("pdf",), is_on: bool = True,
) -> Report:  # fmt: skip
    report = _locked(report_id, actor)
    report.is_on = is_on
    _say(report, actor, name=name, every=every, recipients=recipients, chosen=chosen, day=day, hour=hour, days=days,
         formats=formats)  # fmt: skip
    audit.record("report.changed", f"report:{report.pk}", actor=actor)
    return report


@transaction.atomic
def remove(report_id: int, *, actor: Actor) -> Report:
    """With the log of what went."""
    report = _locked(report_id, actor)
    audit.record("report.removed", f"report:{report.pk}", actor=actor)
    Report.objects.filter(pk=report.pk).delete()
    return report


@transaction.atomic
def send_now(report_id: int, *, actor: Actor) -> Sending:
    """To oneself, to see how it is."""
    report = _locked(report_id, actor)
    now = clock.now()
    sending = Sending.objects.create(report=report, agent_id=oneself(actor), due_at=now, at=now)
    audit.record("report.sent", f"report:{report.pk}", actor=actor)
    jobs.send_at_once.soon()
    return sending


def _locked(report_id: int, actor: Actor) -> Report:
    actor.must("reports.view")
    found = Report.objects.select_for_update().filter(pk=report_id).first()
    if found is None:
        raise NotVisible(_("There is no such report."))
    return found


def _say(
    report: Report, actor: Actor, *, name: str, every: str, recipients: Sequence[int], chosen: Mapping[str, str],
    day: int, hour: int, days: int, formats: Sequence[str],
) -> None:  # fmt: skip
    report.name = text.clean(" ".join(name.split()), field="name", limit=80, required=True)
    if every not in Report.Every.values:
        raise Refused(_("A report goes every day, week or month."), field="every")
    lowest, highest = {"day": (0, 31), "week": (0, 6), "month": (1, 28)}[every]
    if not lowest <= day <= highest or not 0 <= hour <= 23:
        raise Refused(_("Choose a day and an hour there is."), field="day")
    if days not in DAYS:
        raise Refused(_("Choose one from the list."), field="days")
    kept = list(dict.fromkeys(formats))
    if not kept or set(kept) - set(queries.FORMATS):
        raise Refused(_("A report goes as PDF, as CSV or as both."), field="formats")
    known = {one.pk for one in accounts.agents(actor) if one.is_active}
    wanted = list(dict.fromkeys(recipients))
    if not wanted or set(wanted) - known or len(wanted) > MOST_RECIPIENTS:
        raise Refused(_("Choose the colleagues it goes to."), field="recipients")
    if set(chosen) - set(KEPT) or any("\0" in said or len(said) > 200 for said in chosen.values()):
        raise Refused(_("A report keeps: %(names)s.") % {"names": ", ".join(KEPT)}, field="chosen")
    if chosen.get("view", "") not in ("", *boards.VIEWS):
        raise Refused(_("Choose one from the list."), field="chosen")
    choosing.filters(actor, {part: said for part, said in chosen.items() if part != "view" and said})
    report.every, report.day, report.hour, report.days = every, day if every != "day" else 0, hour, days
    report.formats, report.recipients = kept, wanted
    report.chosen = {part: said for part, said in chosen.items() if said}
    report.next_at = timing.following(report, clock.now())
    report.save()
