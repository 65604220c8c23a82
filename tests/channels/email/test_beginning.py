"""New mail begins when somebody is told that the mailbox works, however late it is first looked into."""

from __future__ import annotations

from uuid import uuid4

import pytest

from careline.channels import trials
from careline.channels.email.trials import steps
from careline.channels.models import Bookmark, Inbound, Trial, Visit
from tests.channels.email.mailboxes import mail, until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def tried(monkeypatch):
    """Tries an inbox; what is sent does not matter here."""
    monkeypatch.setattr(steps, "_sending", lambda _inbox, _send: iter(()))
    monkeypatch.setattr(steps, "_round", lambda *_given: iter(()))

    def tried(inbox) -> list[str]:
        Trial.objects.filter(inbox_id=inbox.inbox_id).delete()
        row = Trial.objects.create(inbox_id=inbox.inbox_id, key=uuid4())
        trials.run(inbox.inbox_id, str(row.key))
        row.refresh_from_db()
        return [one["state"] for one in row.steps]

    return tried


def test_what_comes_after_a_mailbox_was_said_to_work_is_taken_and_what_lay_there_is_not(dove, fetched, tried, worker):
    box = fetched(imap_old="")
    dove.deliver(box.settings["address"], mail("Old"))
    assert tried(box) == ["good"]
    dove.deliver(box.settings["address"], mail("New"))
    worker.round()
    row = until(Inbound.objects.first)
    assert row.headers["x-imap-uid"] == "2"
    until(lambda: Bookmark.objects.get().uid == 2)
    assert [one["why"] for visit in Visit.objects.all() for one in visit.skipped] == ["before"]
    # Tried again, nothing begins anew.
    dove.deliver(box.settings["address"], mail("Newer"))
    tried(box)
    until(lambda: Inbound.objects.count() == 2)


def test_where_old_mail_is_wanted_too_nothing_is_passed_over(dove, fetched, tried, worker):
    box = fetched()
    dove.deliver(box.settings["address"], mail("Old"))
    tried(box)
    assert not Bookmark.objects.exists()
    worker.round()
    until(Inbound.objects.first)
