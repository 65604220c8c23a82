"""Reports: when they go, to whom with what they may see, and what stands of those that did not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction

from careline import touchpoints
from careline.accounts.actor import SYSTEM
from careline.accounts.models import Agent
from careline.insights.models import Report, Sending
from careline.insights.reports import actions, queries, sending, timing
from careline.insights.warehouse.copy import keeping
from careline.kit import clock, mail
from careline.kit.refusals import NotAllowed, Refused
from tests.touchpoints.conftest import wait_for_the_horizon

if TYPE_CHECKING:
    from careline.accounts.actor import Actor

WEEKLY = {"every": "week", "day": 0, "hour": 7, "chosen": {"view": "cx"}}


@pytest.fixture(autouse=True)
def letters(settings: Any) -> list[mail.Sent]:
    settings.EMAIL_URL = "memory://"
    mail.outbox.clear()
    return mail.outbox


def moved_to(report: Report, at: datetime) -> Report:
    Report.objects.filter(pk=report.pk).update(next_at=at)
    report.refresh_from_db()
    return report


@pytest.fixture
def asked(ada: Any, boss: Actor, inbox: Any) -> None:
    """Twelve answers in an inbox, before the midnight a report of the last hour ends with."""
    with transaction.atomic():
        for n in range(12):
            touchpoints.record(
                "survey.answered", person=ada.pk, actor=SYSTEM, source="test", inbox=inbox.pk,
                occurred_at=clock.now() - timedelta(days=2, minutes=n), survey="after", metric="csat", score=1 + n % 5,
                scale_max=5,
            )  # fmt: skip
    wait_for_the_horizon()
    keeping.follow()


def test_it_goes_in_the_hour_of_the_house_whatever_the_clocks_do(organization):
    organization.zone = "Europe/Berlin"
    organization.save()
    report = Report(every="day", hour=7)
    winter = datetime(2026, 3, 28, 12, tzinfo=UTC)
    assert timing.following(report, winter) == datetime(2026, 3, 29, 5, tzinfo=UTC)
    assert timing.following(report, datetime(2026, 3, 28, 5, tzinfo=UTC)) == datetime(2026, 3, 28, 6, tzinfo=UTC)
    monthly = Report(every="month", day=1, hour=7)
    due = timing.following(monthly, winter)
    assert due == datetime(2026, 4, 1, 5, tzinfo=UTC)
    since, before = timing.period(monthly, due)
    assert (since, before) == (datetime(2026, 2, 28, 23, tzinfo=UTC), datetime(2026, 3, 31, 22, tzinfo=UTC))


def counted(letter: mail.Sent) -> str:
    """The n of satisfaction in the table that went along."""
    lines = letter.enclosed[1].content.decode().splitlines()
    return next(line.split(",")[9] for line in lines if line.startswith("csat"))


@pytest.mark.django_db(transaction=True)
def test_each_gets_what_they_may_see_once(asked, boss, dee, letters):
    report = actions.make(
        "How we stand", actor=boss, recipients=[boss.agent_id, dee.agent_id], formats=["pdf", "csv"], days=7, **WEEKLY
    )
    moved_to(report, clock.now() - timedelta(hours=1))
    assert sending.send_due() == 2
    assert sending.send_due() == 0
    by = {one.to: one for one in letters}
    mine = by[Agent.objects.get(pk=boss.agent_id).email]
    theirs = by[Agent.objects.get(pk=dee.agent_id).email]
    assert [one.type for one in mine.enclosed] == ["application/pdf", "text/csv"]
    assert mine.enclosed[0].content.startswith(b"%PDF-")
    assert "csat" in mine.enclosed[1].content.decode()
    assert (counted(mine), counted(theirs)) == ("12", "0")
    assert "/scoreboard?view=cx&from=" in mine.text
    assert [one.state for one in Sending.objects.all()] == ["sent", "sent"]
    report.refresh_from_db()
    assert report.next_at > clock.now()


@pytest.mark.django_db(transaction=True)
def test_what_was_missed_goes_once_and_a_mail_that_fails_says_so(boss, monkeypatch, letters):
    report = actions.make("Daily", actor=boss, recipients=[boss.agent_id], every="day", chosen={})
    moved_to(report, clock.now() - timedelta(days=9))
    monkeypatch.setattr(sending, "AGAIN", timedelta(0))

    def refuse(*given: Any) -> None:
        raise mail.NotSent("The mail could not be sent: 451.")

    monkeypatch.setattr(mail, "send", refuse)
    assert sending.send_due() == 0
    [one] = queries.sendings(boss, report.pk)
    assert (one.state, one.why, one.tries) == ("failed", "The mail could not be sent: 451.", 3)
    assert clock.now() - one.due_at < timedelta(days=1)


@pytest.mark.django_db(transaction=True)
def test_who_left_gets_nothing_and_who_may_not_see_it_hears_of_it_in_the_log(boss, bo, letters):
    report = actions.make("All", actor=boss, recipients=[bo.agent_id, boss.agent_id], every="day", chosen={})
    Report.objects.filter(pk=report.pk).update(chosen={"agent": str(boss.agent_id)})
    Agent.objects.filter(pk=boss.agent_id).update(is_active=False)
    moved_to(report, clock.now())
    assert sending.send_due() == 0
    assert sorted((one.agent_id == bo.agent_id, one.state, bool(one.why)) for one in Sending.objects.all()) == [
        (False, "refused", True), (True, "refused", True),
    ]  # fmt: skip
    assert letters == []


@pytest.mark.parametrize("language", ["en", "id", "ar"])
@pytest.mark.django_db(transaction=True)
def test_it_is_on_paper_in_the_language_of_its_reader(asked, boss, language, caplog):
    from django.utils import translation

    report = actions.make(
        "تقرير <b>", actor=boss, recipients=[boss.agent_id], chosen={"channel": "webchat"}, every="day"
    )
    with translation.override(language):
        content = queries.made(boss, report).content("pdf")
    assert content.startswith(b"%PDF-")
    assert b"/Lang" in content
    # Every letter and every sign is in one of the two fonts.
    assert [one.getMessage() for one in caplog.records if "missing" in one.getMessage()] == []


def test_what_cannot_be_is_refused(boss, bo, cy):
    good: dict[str, Any] = {"every": "week", "recipients": [boss.agent_id], "chosen": {}}
    for wrong in (
        {"every": "hour"}, {"day": 7}, {"hour": 24}, {"recipients": []}, {"recipients": [10**9]}, {"formats": ["doc"]},
        {"chosen": {"days": "7"}}, {"chosen": {"view": "x"}}, {"days": 3},
    ):  # fmt: skip
        with pytest.raises(Refused):
            actions.make("Wrong", actor=boss, **good | wrong)
    with pytest.raises(NotAllowed):
        actions.make("Mine", actor=bo, **good)
    assert actions.make("Leads", actor=cy, **good).made_by == cy.agent_id
