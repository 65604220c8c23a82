"""Alerts: told once to each who is chosen, of what they see, and again only after it has recovered."""

from __future__ import annotations

from datetime import timedelta

import pytest

from careline.insights.live import alerting, telling
from careline.insights.live.alerting import Wanted
from careline.insights.models import Raised
from careline.kit import mail
from careline.kit.refusals import NotAllowed, Refused
from careline.service.conversations import actions as talks
from careline.service.routing import placing

pytestmark = pytest.mark.django_db


@pytest.fixture
def alarm(queue, boss, cy):
    """Somebody is told once more than one waits."""
    made = queue()
    return alerting.keep_alert(
        Wanted(figure="waiting", limit=1, queue=made.pk, recipients=[cy.agent_id, boss.agent_id]), actor=boss
    )


@pytest.fixture
def minute(nine):
    return lambda count: nine + timedelta(minutes=count)


def told(at):
    mail.outbox.clear()
    telling.tell(at=at)
    return sorted(one.to for one in mail.outbox)


def taken(*ids, by, at):
    for one in ids:
        talks.assign(one, actor=by, agent_id=by.agent_id, at=at)
    placing.place(list(ids), at=at)


def test_a_limit_is_told_once_until_it_has_recovered(alarm, write, boss, bo, minute):
    first, second = write("ada"), write("ben")
    assert told(minute(1)) == ["cy@harbor.example", "rosa@harbor.example"] == sorted(one.to for one in mail.outbox)
    [one, _other] = mail.outbox
    assert one.subject == "Waiting now in Everything: over 1, now 2"
    assert "/board" in one.text
    assert told(minute(2)) == []
    taken(first, second, by=bo, at=minute(3))
    assert told(minute(3)) == []
    # To and fro within a few minutes is one alert.
    third, fourth = write("cem", at=minute(4)), write("dan", at=minute(4))
    assert told(minute(5)) == []
    taken(third, fourth, by=bo, at=minute(6))
    for at in (6, 9, 12):
        assert told(minute(at)) == []
    write("eve", at=minute(13)), write("fay", at=minute(13))
    assert len(told(minute(14))) == 2


def test_each_is_told_of_what_they_see_and_who_sees_no_board_of_nothing(alarm, write, dee, bo, boss, minute):
    wanted = Wanted(figure="waiting", limit=1, recipients=[dee.agent_id, bo.agent_id])
    alerting.keep_alert(wanted, actor=boss, alert_id=alarm.pk)
    write("ada"), write("ben")
    assert told(minute(1)) == []
    assert not Raised.objects.exists()


def test_what_could_not_leave_is_told_the_next_minute(alarm, write, minute, monkeypatch):
    def refuse(*_args):
        raise mail.NotSent("The server is away.")

    write("ada"), write("ben")
    with monkeypatch.context() as away:
        away.setattr(mail, "send", refuse)
        assert told(minute(1)) == []
    assert len(told(minute(2))) == 2


def test_who_may_not_set_up_queues_changes_none_and_what_makes_no_sense_is_refused(alarm, boss, bo, cy):
    with pytest.raises(NotAllowed):
        alerting.keep_alert(Wanted(figure="waiting", limit=1, recipients=[bo.agent_id]), actor=bo)
    for wrong, field in [
        ({"figure": "weather"}, "figure"), ({"figure": "service_level", "limit": 101}, "limit"),
        ({"recipients": []}, "recipients"), ({"recipients": [999999]}, "recipients"),
        ({"figure": "ready", "queue": alarm.queue_id}, "queue"),
    ]:  # fmt: skip
        with pytest.raises(Refused) as refused:
            given = {"figure": "waiting", "limit": 1, "recipients": [cy.agent_id]} | wrong
            alerting.keep_alert(Wanted(**given), actor=boss)
        assert refused.value.field == field
    assert len(alerting.alerts(cy)) == 1
