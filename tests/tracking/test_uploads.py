"""Files that are uploaded: kept sealed, looked at, run by the worker, stopped, taken up again, dropped, forgotten."""

from __future__ import annotations

import errno
import gzip
import os
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured

from careline.accounts.actor import SYSTEM
from careline.accounts.models import AuditEntry
from careline.files import storage
from careline.files.models import StoredFile
from careline.kit import clock, personal
from careline.kit.refusals import Conflicting, NotAllowed, NotVisible, Refused
from careline.touchpoints.models import Touchpoint
from careline.tracking import actions, queries
from careline.tracking.importing import running, unpacking
from careline.tracking.models import Import, RefusedRow, Source

pytestmark = pytest.mark.usefixtures("organization")

HEAD = b"user_id,event,timestamp\n"
ROWS = [b"u%d,Visited,2026-03-01T10:%02d:00Z\n" % (n % 7, n % 60) for n in range(60)]


@pytest.fixture
def bring(boss) -> Callable[..., Import]:
    def bring(*pieces: bytes, name: str = "visits.csv") -> Import:
        return actions.upload(pieces or (HEAD, *ROWS), name=name, actor=boss)

    return bring


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "PIECE", 10)


def now(one: Import) -> Import:
    return Import.objects.get(pk=one.pk)


def counts(one: Import) -> tuple[str, int, int, int, int]:
    found = now(one)
    return found.state, found.read, found.added, found.repeated, found.refused


def kept() -> list[Path]:
    return [path for path in storage.folder().rglob("*") if path.is_file()]


@pytest.fixture(autouse=True)
def own_shelf(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.STORAGE_URL = f"file://{tmp_path}/shelf"
    yield
    assert configured.STORAGE_URL.endswith("/shelf")


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
    number = running.Occurrences.number
    full = iter([False] * 25 + [True] * 1000)

    def numbered(self: Any, key: str) -> str:
        if next(full):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return number(self, key)

    with monkeypatch.context() as patch:
        patch.setattr(running.Occurrences, "number", numbered)
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


def zipped() -> bytes:
    whole = BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("visits.csv", HEAD + ROWS[0])
    return whole.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("visits.zip", zipped(), "Archives and workbooks are not read"),
        ("visits.xlsx", zipped(), "Archives and workbooks are not read"),
        ("visits.csv", zipped(), "This is an archive or a workbook"),
        ("visits.csv", b"\xd0\xcf\x11\xe0" + bytes(100), "workbook of a spreadsheet"),
        ("visits.csv", (HEAD + ROWS[0]).decode().encode("utf-16-le"), "Save it as UTF-8"),
        ("visits.csv", b"PAR1" + bytes(100), "let its name end in .parquet"),
        ("visits.csv", b"", "The file is empty"),
        ("visits.csv", HEAD, "There is no row in this file"),
        ("visits.csv.gz", gzip.compress(HEAD + b"".join(ROWS))[:40], "The file ends early"),
        ("visits.csv.gz", b"\x1f\x8bnothing of the kind", "The file cannot be read"),
        ("visits.exe", b"MZ", "must end in .csv"),
        ("visits.parquet", b"PAR1 and no more", "The file cannot be read"),
        (" ", HEAD, "must not be empty"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence_and_nothing_is_kept(bring, name, content, told):
    with pytest.raises(Refused, match=told):
        bring(content, name=name)
    assert not Import.objects.exists()
    assert kept() == []


def test_an_encoding_that_changes_in_the_middle_is_said_so(bring, boss, monkeypatch):
    from careline.tracking.importing import formats

    monkeypatch.setattr(formats, "_LOOKED_AT", 500)
    one = bring(HEAD, *ROWS * 4, b"\xff\xfeu,A,2026-03-01\n")
    actions.start(one.pk, None, actor=boss)
    actions.run_waiting()
    assert now(one).state == "failed"
    assert "another encoding" in now(one).error


@pytest.mark.parametrize("name", ["bomb.csv.gz", "bomb.jsonl.gz", "bomb.xes.gz"])
def test_a_packed_file_that_bursts_is_not_opened_to_its_end(bring, monkeypatch, name):
    monkeypatch.setattr(unpacking, "_HONEST", 1024 * 1024)
    start = b"<log>" if "xes" in name else b""
    with pytest.raises(Refused, match=r"far larger than the file|one of its elements does not end"):
        bring(gzip.compress(start + b" " * 8 * 1024 * 1024), name=name)
    assert kept() == []


def test_a_file_is_no_larger_than_is_said(bring, monkeypatch):
    from careline.files import actions as files

    monkeypatch.setattr(files, "LARGEST_IN_PIECES", 1000)
    with pytest.raises(Refused, match="at most 512 MB"):
        bring(HEAD, *ROWS)
    assert kept() == []


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
