"""The doctor: what is wrong is said in words, with the way to mend it."""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction

from careline.channels import fields
from careline.channels.models import Inbound, Inbox
from careline.cli.doctor import database, flow, machine, settings
from careline.cli.doctor.finding import Finding, good, looked_at
from careline.cli.rooms import discover
from careline.kit import clock, schema
from careline.touchpoints import subscribers
from careline.touchpoints.models import Cursor, Parked
from tests.cli.places import Place
from tests.cli.test_program import run
from tests.touchpoints.conftest import wait_for_the_horizon


def states(found: Finding | list[Finding]) -> list[str]:
    return [one.state for one in ([found] if isinstance(found, Finding) else found)]


def mended(found: Finding | list[Finding]) -> list[Finding]:
    """Whatever is wrong says what to do."""
    wrong = [one for one in ([found] if isinstance(found, Finding) else found) if one.state == "wrong"]
    assert wrong
    assert all(one.says and one.mend for one in wrong)
    return wrong


def test_an_installation_that_is_well(place: Place):
    told = place.run("doctor", "--json")
    assert told.returncode == 0, told.stdout
    found = json.loads(told.stdout)
    assert found["ok"] is True
    checks = {one["check"]: one for one in found["checks"]}
    wanted = "disk,secret key,address,mail,files,database,clock,migrations,reactions,outbox,inbound,mailboxes"
    assert {"data folder", *wanted.split(","), "jobs", "months", "columnar"} <= set(checks)
    assert all(set(one) == {"check", "state", "says", "mend"} for one in found["checks"])
    assert checks["database"]["state"] == "good"
    assert not place.server_lives()  # it was started for the visit


def test_what_is_wrong_ends_it_with_one(place: Place):
    (place.data / "secret-key").chmod(0o644)
    with place.database() as connection:
        connection.execute("DELETE FROM django_migrations WHERE app = 'contact'")
    told = place.run("doctor")
    assert told.returncode == 1
    assert "WRONG  secret key: Others on this machine can read" in told.stdout
    assert f"→ chmod 600 {place.data / 'secret-key'}" in told.stdout
    assert re.search(r"WRONG  migrations: \d are pending, the first is contact\.0001_initial\.", told.stdout)
    assert "outbox" not in told.stdout  # what stands on something broken is not asked
    assert told.stdout.endswith("Something is wrong: the lines marked WRONG say how to mend it.\n")


def test_a_place_where_nothing_is_yet_is_not_made_by_looking():
    told = run("doctor", "--json")
    assert told.returncode == 1
    found = json.loads(told.stdout)
    assert found["ok"] is False
    assert found["checks"][-1]["says"].startswith("There is none in ")
    assert not (Path(os.environ["CARELINE_TEST_RUN"]) / "nowhere" / "data" / "postgres").exists()


def test_a_setting_that_cannot_be_used_is_a_finding():
    told = run("doctor", "--json", EMAIL_URL="pigeon://roof", DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert told.returncode == 1
    [found] = [one for one in json.loads(told.stdout)["checks"] if one["state"] == "wrong"]
    assert found["check"] == "settings"
    assert "EMAIL_URL" in found["says"]


def test_a_database_that_is_not_there_is_a_finding():
    told = run("doctor", DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert told.returncode == 1
    assert "WRONG  database: It cannot be reached: " in told.stdout
    assert "→ Start it, or correct DATABASE_URL." in told.stdout


def test_a_check_that_falls_over_is_a_finding():
    def falls() -> Finding:
        raise RuntimeError("the floor is wet")

    [found] = looked_at("floor", falls)
    assert (found.state, found.check) == ("wrong", "floor")
    assert "the floor is wet" in found.says
    assert list(looked_at("roof", lambda: good("roof", "It holds."))) == [good("roof", "It holds.")]


def test_room_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for free, state in [(machine.TOO_LITTLE - 1, "wrong"), (machine.LITTLE - 1, "note"), (machine.LITTLE + 1, "good")]:
        monkeypatch.setattr(machine.shutil, "disk_usage", lambda _path, free=free: type("Usage", (), {"free": free})())
        assert machine.room(tmp_path).state == state


def test_a_folder_that_cannot_be_written(tmp_path: Path):
    if os.geteuid() == 0:
        tmp_path /= "not-there"
    else:
        tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    assert not machine.is_writable(tmp_path)


@pytest.mark.parametrize(
    ("given", "base", "state"),
    [
        (None, "https://care.example.com", "good"),
        ("T9xv-42kQpLw0_zYb7HnRdEuJfGmAsVc", "https://care.example.com", "good"),
        ("change-me-change-me-change-me-change-me", "https://care.example.com", "wrong"),
        ("x" * 40, "https://care.example.com", "wrong"),
        ("x" * 40, "http://127.0.0.1:8000", "note"),
    ],
)
def test_a_key_that_could_be_guessed(
    given: str | None, base: str, state: str, monkeypatch: pytest.MonkeyPatch, settings_of: Callable[..., None]
):
    settings_of(CARELINE_BASE_URL=base)
    monkeypatch.delenv("CARELINE_SECRET_KEY", raising=False)
    if given:
        monkeypatch.setenv("CARELINE_SECRET_KEY", given)
    assert settings.secret_key().state == state


@pytest.fixture
def settings_of(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    from django.conf import settings as django

    def change(**values: object) -> None:
        for name, value in values.items():
            monkeypatch.setattr(django, name, value)

    return change


@pytest.mark.parametrize(
    ("url", "state"),
    [
        ("https://care.example.com", "good"),
        ("http://care.example.com", "note"),
        ("http://127.0.0.1:8000", "note"),
        ("https://care.example.com/desk", "wrong"),
    ],
)
def test_the_address(url: str, state: str, settings_of: Callable[..., None]):
    settings_of(CARELINE_BASE_URL=url, ALLOWED_HOSTS=["care.example.com"])
    assert states(settings.base_url()) == [state]


def test_hosts(settings_of: Callable[..., None]):
    settings_of(ALLOWED_HOSTS=["*"])
    assert [one.check for one in mended(settings.base_url())] == ["hosts"]


def test_mail(tmp_path: Path, settings_of: Callable[..., None]):
    settings_of(EMAIL_URL="console://")
    assert settings.mail().state == "note"
    settings_of(EMAIL_URL=f"file://{tmp_path}")
    assert settings.mail().state == "note"
    settings_of(EMAIL_URL="smtp://127.0.0.1:1")
    assert "ConnectionRefusedError" in mended(settings.mail())[0].says


@pytest.mark.django_db
def test_the_database_is_well():
    assert database.reachable().state == "good"
    assert database.migrations().state == "good"
    assert database.same_time().state == "good"


@pytest.mark.django_db
def test_migrations_of_another_version(monkeypatch: pytest.MonkeyPatch):
    there = schema.applied()
    monkeypatch.setattr(schema, "applied", lambda: there | {("customers", "0099_later")})
    assert "A newer version made customers.0099_later." in mended(database.migrations())[0].says


@pytest.mark.django_db
@pytest.mark.parametrize(("ahead", "state"), [(5, "note"), (90, "wrong")])
def test_a_clock_that_runs_ahead(ahead: int, state: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) + timedelta(seconds=ahead))
    assert database.same_time().state == state


@pytest.mark.django_db(transaction=True)
def test_reactions_that_do_not_come_along():
    discover()
    subscribers.advance_all()
    assert states(flow.subscribers()) == ["good"]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO touchpoints_touchpoint"
            " (id, kind, person_id, actor_kind, source, occurred_at, recorded_at, facts) VALUES"
            " (gen_random_uuid(), 'page.viewed', 1, 'system', 't:1', now(), now() - interval '1 hour', '{}')"
        )
    wait_for_the_horizon()
    assert all(" is 1 behind, since 60 minutes." in one.says for one in mended(flow.subscribers()))
    subscribers.advance_all()

    one = Cursor.objects.order_by("pk").first()
    assert one is not None
    Cursor.objects.filter(pk=one.pk).update(failures=3, error="ValueError in react")
    Parked.objects.create(subscriber=one.pk, touchpoint_id="0" * 32, occurred_at=clock.now(), error="ValueError")
    Cursor.objects.create(subscriber="of.another.version", xid=one.xid, id=one.id)
    failing, parked = mended(flow.subscribers())
    assert failing.says == f"{one.pk} failed 3 times: ValueError in react."
    assert f"retry_parked('{one.pk}')" in parked.mend
    assert "note" in states(flow.subscribers())

    Cursor.objects.update(xid="999999999999")
    assert "stands where this database has not been yet" in mended(flow.subscribers())[0].says


@pytest.mark.django_db
def test_what_came_in_and_was_not_taken(inbox: Inbox):
    assert states(flow.inbound()) == ["good"]
    old = clock.now() - timedelta(hours=3)
    Inbound.objects.create(inbox=inbox, external_key="1", raw=b"{}", received_at=old)
    Inbound.objects.create(
        inbox=inbox, external_key="2", raw=b"{}", received_at=old, state="failed", error="unreadable"
    )
    waiting, failed = mended(flow.inbound())
    assert waiting.says == "1 deliveries wait to be taken in, the oldest since 3 hours."
    assert failed.says.startswith("1 deliveries were received and not understood")


@pytest.mark.django_db
def test_a_mailbox_nobody_looks_into(inbox: Inbox):
    assert states(flow.mailboxes()) == ["good"]
    old, key = clock.now() - timedelta(hours=1), fields.seal({"imap_password": "p"})
    box = {"kind": "email", "settings": {"imap_host": "mail.example"}, "credentials": key, "created_at": old}
    Inbox.objects.filter(pk=inbox.pk).update(**box)
    [found] = mended(flow.mailboxes())
    assert "Minutes since the mailbox was last looked into: 60. Are the workers running?" in found.says


@pytest.mark.django_db
def test_what_went_out_and_did_not_arrive():
    assert states(flow.outbox()) == ["good"]
    with connection.cursor() as cursor:
        # In place of the room's own, whose rows exist by a reply's authority alone.
        cursor.execute(
            "CREATE TEMP TABLE channels_outbox"
            " (state text, attempts int, created_at timestamptz, updated_at timestamptz)"
        )
        add = "INSERT INTO channels_outbox VALUES (%s, %s, now() - interval '1 hour', now() - %s::interval)"
        cursor.execute(add, ["queued", 0, "1 hour"])
        assert mended(flow.outbox())[0].says == "1 messages wait to leave, the oldest since 60 minutes."
        cursor.execute("UPDATE channels_outbox SET attempts = 2")
        assert states(flow.outbox()) == ["note"]  # the other side does not answer; it is tried again
        cursor.execute(add, ["failed", 5, "3 days"])
        assert states(flow.outbox()) == ["note", "note"]
        cursor.execute(add, ["failed", 5, "1 hour"])
        assert mended(flow.outbox())[0].says == "1 messages could not be delivered in the last day."


@pytest.mark.django_db
def test_jobs_that_nobody_takes():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
        assert states(flow.jobs()) == ["note"]  # nobody is at work
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, scheduled_at) VALUES"
            " ('default', 'a', '{}', 'todo', now() - interval '3 days'), ('default', 'd', '{}', 'doing', NULL),"
            " ('default', 'e', '{}', 'failed', NULL)"
        )
    assert states(flow.jobs()) == ["wrong", "note", "note", "note"]
    assert mended(flow.jobs())[0].says == "1 are due, the oldest since 3 days."


@pytest.mark.django_db
def test_the_months_to_come(monkeypatch: pytest.MonkeyPatch):
    assert flow.months().state == "good"
    monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) + timedelta(days=400))
    assert "later ones land in its open end" in mended(flow.months())[0].says


def test_a_copy_that_does_not_follow_is_told(transactional_db, tmp_path, settings):
    from careline import touchpoints
    from careline.accounts.actor import SYSTEM

    settings.DATA = tmp_path
    assert states(flow.columnar()) == ["good"]
    long_ago = clock.now() - timedelta(minutes=10)
    with transaction.atomic():
        touchpoints.record_many(
            [touchpoints.row("event.tracked", person=1, actor=SYSTEM, source="x", recorded_at=long_ago, name="one")]
        )
    assert mended(flow.columnar())[0].says == "Analysis is 1 touchpoints behind, the oldest since 10 minutes."
