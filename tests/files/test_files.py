"""Bytes are stored sealed and whole, served so that nothing runs, and erased for good."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connections, transaction

from careline.files import queries, storage
from careline.files.actions import erase, purge_orphans, store
from careline.files.limits import LARGEST, LARGEST_RECEIVED
from careline.files.models import PersonKey, StoredFile
from careline.files.storage import Missing, StorageFull
from careline.kit import clock, personal
from careline.kit.refusals import Refused
from tests.forging import forged

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


@pytest.fixture(autouse=True)
def shelf(settings: Any, tmp_path: Path) -> Path:
    """A folder of its own for each test."""
    settings.STORAGE_URL = f"file://{tmp_path}/a%20shelf"
    return tmp_path / "a shelf"


def on_disk(shelf: Path) -> list[Path]:
    return sorted(path for path in shelf.rglob("*") if path.is_file())


@pytest.mark.django_db
class TestStore:
    def test_what_is_stored_comes_back_and_is_not_readable_on_the_disk(self, shelf: Path) -> None:
        content = b"My address is Elm Street 5. " * 100
        file = store(content, name="letter.txt", media_type="text/plain", person_id=7, uploaded_by="customer:7")
        assert queries.read(queries.by_id(file.pk)) == content
        [path] = on_disk(shelf)
        assert b"Elm Street" not in path.read_bytes()
        assert path.stat().st_mode & 0o077 == 0
        assert (file.size, file.inline, file.media_type) == (len(content), False, "text/plain")

    def test_what_belongs_to_nobody_is_sealed_too(self, shelf: Path) -> None:
        file = store(PNG, name="logo.png")
        assert queries.read(file) == PNG
        assert file.inline
        assert PNG not in on_disk(shelf)[0].read_bytes()
        assert not PersonKey.objects.exists()

    def test_every_person_has_one_key(self) -> None:
        store(b"a", name="a", person_id=7)
        store(b"b", name="b", person_id=7)
        store(b"c", name="c", person_id=8)
        assert PersonKey.objects.count() == 2

    @pytest.mark.parametrize(
        ("content", "name", "status", "word"),
        [
            (b"", "a.txt", 422, "empty"),
            (b"x" * (LARGEST + 1), "a.txt", 413, "25 MB"),
            (b"MZ\0\0", "a.png", 422, "Programs"),
            (b"x", "a.exe", 422, "Programs"),
            (b"x", "a" * 501, 422, "500"),
        ],
    )
    def test_what_is_not_wanted_is_refused_in_words(
        self, shelf: Path, content: bytes, name: str, status: int, word: str
    ) -> None:
        with pytest.raises(Refused, match=word) as refusal:
            store(content, name=name, person_id=7)
        assert refusal.value.status == status
        assert on_disk(shelf) == []
        assert not StoredFile.objects.exists()

    def test_the_largest_is_taken(self) -> None:
        assert store(b"x" * LARGEST, name="big.txt").size == LARGEST

    @pytest.mark.parametrize(
        "name",
        [
            "../../etc/passwd",
            "C:\\temp\\a.txt",
            "счёт №1.pdf",
            "\u202egpj.txt",
            " ",
            "",
            ".htaccess",
            "a\nb",
            "é" * 500,
        ],
    )
    def test_a_name_is_kept_as_it_was_written_and_leads_nowhere(self, shelf: Path, name: str) -> None:
        file = store(b"x", name=name)
        assert queries.by_id(file.pk).name == name
        assert [path.name for path in on_disk(shelf)] == [file.pk.hex]

    def test_what_no_row_can_hold_is_left_out_of_the_name(self) -> None:
        assert store(b"x", name="a\0b\ud800.txt").name == "ab.txt"

    def test_a_full_disk_is_one_sentence_and_leaves_nothing(self, shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(_handle: int) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(StorageFull, match="disk is full") as refusal:
            store(b"x", name="a.txt", person_id=7)
        assert refusal.value.status == 507
        assert on_disk(shelf) == []
        assert not StoredFile.objects.exists()

    @pytest.mark.skipif(not os.path.exists("/dev/full"), reason="the system has no full disk to offer")
    def test_a_disk_that_is_really_full_is_the_same_sentence(
        self, shelf: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        opened = os.open
        monkeypatch.setattr(os, "open", lambda path, flags, mode=0: opened("/dev/full", os.O_WRONLY))
        with pytest.raises(StorageFull):
            store(b"x" * 100_000, name="a.txt")
        assert not StoredFile.objects.exists()

    def test_other_trouble_of_the_disk_is_not_called_full(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken(_handle: int) -> None:
            raise OSError(errno.EIO, "Input/output error")

        monkeypatch.setattr(os, "fsync", broken)
        with pytest.raises(OSError, match="Input/output"):
            store(b"x", name="a.txt")

    def test_a_row_that_cannot_be_written_leaves_no_bytes(self, shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*_given: object, **_named: object) -> None:
            raise IntegrityError("no")

        monkeypatch.setattr(StoredFile.objects, "bulk_create", refuse)
        with pytest.raises(IntegrityError), transaction.atomic():
            store(b"x", name="a.txt")
        assert on_disk(shelf) == []


@pytest.mark.django_db
class TestRead:
    def test_damage_is_noticed(self, shelf: Path) -> None:
        file = store(b"x" * 100, name="a.txt", person_id=7)
        [path] = on_disk(shelf)
        *kept, last = path.read_bytes()
        path.write_bytes(bytes([*kept, last ^ 1]))
        with pytest.raises(Missing, match="damaged"):
            queries.read(file)

    def test_a_file_cannot_be_passed_off_as_another(self, shelf: Path) -> None:
        mine, other = (store(body, name="a.txt", person_id=7) for body in (b"mine", b"other"))
        os.replace(shelf / other.path, shelf / mine.path)
        with pytest.raises(Missing):
            queries.read(mine)

    def test_lost_bytes_are_a_word(self, shelf: Path) -> None:
        file = store(b"x", name="a.txt")
        on_disk(shelf)[0].unlink()
        with pytest.raises(Missing, match="no longer there"):
            queries.read(file)

    def test_a_link_opens_one_file_for_a_month(self) -> None:
        file, other = store(b"x", name="a"), store(b"y", name="b")
        token = queries.link(file.pk).removeprefix("/files/")
        assert queries.by_link(token).pk == file.pk
        assert queries.link(other.pk) != queries.link(file.pk)
        for wrong in ("", forged(token), str(file.pk)):
            with pytest.raises(Refused):
                queries.by_link(wrong)
        with time_machine.travel(clock.now() + timedelta(days=31)), pytest.raises(Refused, match="expired"):
            queries.by_link(token)


@pytest.mark.django_db
class TestErase:
    def test_after_erasure_nothing_is_left_but_that_something_was_there(
        self, shelf: Path, django_capture_on_commit_callbacks: Any
    ) -> None:
        mine, other = store(b"mine", name="secret plan.txt", person_id=7), store(b"b", name="b", person_id=8)
        with django_capture_on_commit_callbacks(execute=True):
            assert erase(7) == 1
        assert not PersonKey.objects.filter(person_id=7).exists()
        assert [path.name for path in on_disk(shelf)] == [other.pk.hex]
        row = StoredFile.objects.get(pk=mine.pk)
        assert (row.name, row.path, row.sha256, row.uploaded_by) == ("", "", "", "")
        for look in (lambda: queries.by_id(mine.pk), lambda: queries.read(row), lambda: queries.read(mine)):
            with pytest.raises(Missing):
                look()
        assert queries.read(other) == b"b"
        assert erase(7) == 0

    def test_bytes_that_outlive_their_key_are_noise(self, shelf: Path) -> None:
        """A copy in a backup, or a disk that did not let go."""
        file = store(b"mine", name="a", person_id=7)
        PersonKey.objects.all().delete()
        with pytest.raises(Missing):
            queries.read(file)
        store(b"new", name="b", person_id=7)
        with pytest.raises(Missing):
            queries.read(file)

    def test_an_erasure_that_is_rolled_back_keeps_the_bytes(self, shelf: Path) -> None:
        file = store(b"mine", name="a", person_id=7)
        with pytest.raises(KeyError), transaction.atomic():
            erase(7)
            raise KeyError
        assert queries.read(StoredFile.objects.get(pk=file.pk)) == b"mine"

    def test_a_person_takes_a_list_of_their_files_along(self) -> None:
        store(b"mine", name="a.txt", person_id=7, uploaded_by="customer:7")
        [row] = personal.export(7)["files.StoredFile"]
        assert (row["name"], row["size"]) == ("a.txt", 4)

    def test_the_database_refuses_half_erased_rows(self) -> None:
        file = store(b"mine", name="a", person_id=7)
        for change in ({"erased_at": clock.now()}, {"path": ""}, {"size": 0}, {"size": LARGEST_RECEIVED + 1}):
            with pytest.raises(IntegrityError), transaction.atomic():
                StoredFile.objects.filter(pk=file.pk).update(**change)
        with pytest.raises(IntegrityError), transaction.atomic():
            StoredFile.objects.filter(pk=file.pk).update(inline=True, media_type="image/svg+xml")


@pytest.mark.django_db(transaction=True)
def test_a_file_that_arrives_during_an_erasure_is_erased_or_still_readable() -> None:
    for round_ in range(6):
        person, both, files = 100 + round_, threading.Barrier(2), []
        store(b"first", name="a", person_id=person)

        def run(work: Callable[[], Any], both: threading.Barrier = both) -> None:
            both.wait()
            try:
                work()
            finally:
                connections.close_all()

        def late(person: int = person, files: list[StoredFile] = files) -> None:
            files.append(store(b"late", name="b", person_id=person))

        pair = [
            threading.Thread(target=run, args=(late,)),
            threading.Thread(target=run, args=(lambda p=person: erase(p),)),
        ]
        for one in pair:
            one.start()
        for one in pair:
            one.join(20)
        row = StoredFile.objects.get(pk=files[0].pk)
        assert row.erased_at is not None or queries.read(row) == b"late"


@pytest.mark.django_db(transaction=True)
def test_first_files_that_arrive_together_share_one_key() -> None:
    def run(n: int) -> None:
        try:
            store(b"%d" % n, name="a", person_id=7)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(5)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(20)
    assert PersonKey.objects.count() == 1
    assert sorted(queries.read(file) for file in StoredFile.objects.all()) == [b"0", b"1", b"2", b"3", b"4"]


@pytest.mark.django_db
def test_bytes_without_a_row_are_cleared_away_and_no_others(shelf: Path) -> None:
    kept = store(b"x", name="a.txt", person_id=7)
    with pytest.raises(KeyError), transaction.atomic():
        store(b"y", name="b.txt", person_id=7)
        raise KeyError
    (shelf / "2026").mkdir(exist_ok=True)
    (shelf / "2026" / "half.part").write_bytes(b"half")
    assert len(on_disk(shelf)) == 3
    assert purge_orphans() == 0, "a transaction may still be open"
    with time_machine.travel(clock.now() + timedelta(hours=7)):
        assert purge_orphans() == 2
    assert [path.name for path in on_disk(shelf)] == [kept.pk.hex]


def test_bytes_lie_where_the_address_says(shelf: Path) -> None:
    assert storage.folder() == shelf
