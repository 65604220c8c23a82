"""Files that are uploaded: kept sealed, looked at, run by the worker, stopped, taken up again, dropped, forgotten."""

from __future__ import annotations

import errno
import os
from datetime import timedelta
from typing import Any

import pytest

from careline.accounts.actor import SYSTEM
from careline.accounts.models import AuditEntry
from careline.files.models import StoredFile
from careline.kit import clock, personal
from careline.kit.refusals import Conflicting, NotAllowed, NotVisible, Refused
from careline.touchpoints.models import Touchpoint
from careline.tracking import actions, queries
from careline.tracking.importing import moments, running
from careline.tracking.models import Import, RefusedRow, Source
from tests.tracking.shelf import HEAD, ROWS, kept

pytestmark = pytest.mark.usefixtures("organization", "own_shelf")


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "PIECE", 10)


def now(one: Import) -> Import:
    return Import.objects.get(pk=one.pk)


def counts(one: Import) -> tuple[str, int, int, int, int]:
    found = now(one)
    return found.state, found.read, found.added, found.repeated, found.refused


@pytest.fixture
def after_commit(django_capture_on_commit_callbacks: Any) -> Any:
    return django_capture_on_commit_callbacks(execute=True)


def test_a_file_is_kept_sealed_until_its_rows_are_on_the_line(bring, boss, line, after_commit):
    with after_commit:
        one = bring(HEAD, *ROWS, b"u,Visited,someday\n", b'"u","Vis\nited",never\n')
        assert counts(one) == ("ready", 0, 0, 0, 0)
        [path] = kept()
        assert b"Visited" not in path.read_bytes()
        assert line() == []
        actions.start(one.pk, None, actor=boss)
        assert counts(one)[0] == "waiting"
        actions.run_waiting()
    assert counts(one) == ("done", 62, 60, 0, 2)
    # A row is numbered by the line it begins in, as an editor shows it.
    assert queries.refused_rows(boss, one.pk) == [
        (62, "timestamp", "is no moment such as \u20662026-03-02T09:00:00Z\u2069"),
        (63, "timestamp", "is no moment such as \u20662026-03-02T09:00:00Z\u2069"),
    ]
    assert len(line()) == 60
    assert (now(one).file_id, kept(), now(one).percent) == (None, [], 100)
    verbs = AuditEntry.objects.filter(subject=f"import:{one.pk}").order_by("at").values_list("verb", "actor_id")
    assert list(verbs) == [("import.uploaded", boss.id), ("import.started", boss.id)]


def test_lines_are_counted_as_an_editor_does(bring, boss):
    one = bring(HEAD, b'"u-1","two\nlines",2026-03-01T10:00Z\n', b"\n", b"u,A,someday\n")
    actions.start(one.pk, None, actor=boss)
    actions.run_waiting()
    assert [row for row, _field, _why in queries.refused_rows(boss, one.pk)] == [5]


def test_the_second_upload_of_a_file_adds_nothing(bring, boss, line):
    for expected in (("done", 60, 60, 0, 0), ("done", 60, 0, 60, 0)):
        one = bring()
        actions.start(one.pk, None, actor=boss)
        actions.run_waiting()
        assert counts(one) == expected
    assert len(line()) == 60


def test_a_look_says_what_would_become_of_the_rows_and_writes_nothing(bring, boss):
    one = bring(HEAD, b"u-1,Order Completed,2026-03-01T10:00Z\n", b",A,2026-03-01T10:00Z\n", b"u-2,B,2026-03-02\n")
    look = queries.look_at(boss, one.pk)
    assert (look.columns, look.guess["person"]) == (["user_id", "event", "timestamp"], "user_id")
    assert (look.good, look.looked, look.wrong) == (2, 3, "")
    assert [(row.row, row.who, row.name, row.kind, row.field, row.why) for row in look.trials] == [
        (2, "u-1", "Order Completed", "event.tracked", "", ""),
        (3, "", "", "", "user_id", "is missing"),
        (4, "u-2", "B", "event.tracked", "", ""),
    ]
    other = queries.look_at(boss, one.pk, queries.columns(look.guess | {"person": ""}))
    assert (other.trials, other.wrong, other.wrong_field) == ([], "Say which column names the customer.", "person")
    assert not Source.objects.exists()
    assert not Touchpoint.objects.filter(source__startswith="source:").exists()


def test_one_that_is_stopped_keeps_what_landed_and_goes_on_from_there(bring, boss, line, small, monkeypatch):
    one = bring()
    actions.start(one.pk, None, actor=boss)
    land = running._landed

    def landed(*given: Any) -> Import:
        found = land(*given)
        if found.read == 20:
            actions.stop(one.pk, actor=boss)
        return found

    monkeypatch.setattr(running, "_landed", landed)
    actions.run_waiting()
    assert counts(one) == ("stopped", 20, 20, 0, 0)
    assert 0 < now(one).percent < 100
    with pytest.raises(Conflicting):
        actions.stop(one.pk, actor=boss)
    actions.start(one.pk, None, actor=boss)
    actions.run_waiting()
    assert counts(one) == ("done", 60, 60, 0, 0)
    assert len(line()) == 60
    with pytest.raises(Conflicting, match="its file is gone"):
        actions.start(one.pk, None, actor=boss)


def test_a_worker_that_is_told_to_leave_leaves_the_rest_to_the_next(bring, boss, line, small):
    one = bring()
    actions.start(one.pk, None, actor=boss)
    asked = iter([False, False, True])
    with pytest.raises(running.Leaving):
        actions.run_waiting(lambda: next(asked))
    assert counts(one) == ("running", 20, 20, 0, 0)
    actions.run_waiting()
    assert counts(one) == ("done", 60, 60, 0, 0)


def test_a_file_that_takes_every_worker_down_is_given_to_no_other(bring, boss, monkeypatch):
    one = bring()
    actions.start(one.pk, None, actor=boss)

    def die(*_given: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(running, "run", die)
    for _n in range(5):
        with pytest.raises(KeyboardInterrupt):
            actions.run_waiting()
    actions.run_waiting()
    assert now(one).state == "failed"
    assert "several times" in now(one).error


def test_a_full_disk_ends_an_import_with_a_word_and_it_goes_on_later(bring, boss, line, small, monkeypatch):
    one = bring()
    actions.start(one.pk, None, actor=boss)
    number = moments.Occurrences.number
    full = iter([False] * 25 + [True] * 1000)

    def numbered(self: Any, key: str) -> str:
        if next(full):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return number(self, key)

    with monkeypatch.context() as patch:
        patch.setattr(moments.Occurrences, "number", numbered)
        actions.run_waiting()
    assert counts(one) == ("failed", 20, 20, 0, 0)
    assert now(one).error == "The disk is full. What landed before stays."
    actions.start(one.pk, None, actor=boss)
    actions.run_waiting()
    assert counts(one) == ("done", 60, 60, 0, 0)


def test_dropping_takes_the_file_and_leaves_the_line(bring, boss, line, after_commit):
    with after_commit:
        waiting, done = bring(), bring(HEAD, ROWS[0], b"u,A,never\n")
        actions.start(done.pk, None, actor=boss)
        with pytest.raises(Conflicting, match="Stop it first"):
            actions.drop(done.pk, actor=boss)
        actions.run_waiting()
        for one in (waiting, done):
            actions.drop(one.pk, actor=boss)
    assert not Import.objects.exists()
    assert not RefusedRow.objects.exists()
    assert (kept(), len(line())) == ([], 1)
    with pytest.raises(NotVisible):
        actions.drop(done.pk, actor=boss)


def test_files_that_lie_about_are_forgotten(bring, boss, small, after_commit):
    with after_commit:
        unstarted, left, fresh = bring(), bring(), bring()
        actions.start(left.pk, None, actor=boss)
        actions.stop(left.pk, actor=boss)
        Import.objects.filter(pk=unstarted.pk).update(created_at=clock.now() - timedelta(hours=24))
        Import.objects.filter(pk=left.pk).update(ended_at=clock.now() - timedelta(days=8))
        assert actions.forget() == 2
    assert set(Import.objects.values_list("pk", flat=True)) == {left.pk, fresh.pk}
    assert now(left).file_id is None
    assert len(kept()) == 1


def test_an_erasure_lets_files_go_that_were_left_before_their_end(bring, boss, ada, after_commit):
    with after_commit:
        left = bring()
        actions.start(left.pk, None, actor=boss)
        actions.stop(left.pk, actor=boss)
        assert personal.erase(ada.pk)["tracking.Import"] == 1
    assert (now(left).file_id, kept()) == (None, [])
    assert StoredFile.objects.get().name == ""


def test_a_long_name_is_cut_in_the_middle(bring):
    assert bring(HEAD, ROWS[0], name="a" * 400 + ".csv").name == "a" * 150 + "…" + "a" * 45 + ".csv"


def test_only_who_may_change_house_and_customers_brings_files(bring, bo, hire, boss):
    one = bring()
    for attempt in (
        lambda: actions.upload([HEAD], name="a.csv", actor=bo),
        lambda: actions.start(one.pk, None, actor=bo),
        lambda: actions.stop(one.pk, actor=bo),
        lambda: actions.drop(one.pk, actor=bo),
        lambda: queries.look_at(bo, one.pk),
        lambda: queries.refused_lines(bo, one.pk),
        lambda: queries.refused_rows(bo, one.pk),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    assert counts(one)[0] == "ready"


def test_a_source_that_is_put_away_takes_no_file(bring, boss):
    source = actions.create_source("Old", "server", actor=SYSTEM)
    actions.archive_source(source.pk, actor=boss)
    with pytest.raises(Refused, match="no such source"):
        actions.start(bring().pk, None, actor=boss, source_id=source.pk)
