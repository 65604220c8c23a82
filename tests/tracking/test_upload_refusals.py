"""Uploads that cannot be read, or only in part: each is refused in a sentence, and nothing of it is kept."""

from __future__ import annotations

import gzip
import zipfile
from io import BytesIO

import pytest

from careline.kit.refusals import Refused
from careline.tracking import actions
from careline.tracking.importing import formats, unpacking
from careline.tracking.models import Import
from tests.tracking.shelf import HEAD, ROWS, kept

pytestmark = pytest.mark.usefixtures("organization", "own_shelf")


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
    monkeypatch.setattr(formats, "_LOOKED_AT", 500)
    one = bring(HEAD, *ROWS * 4, b"\xff\xfeu,A,2026-03-01\n")
    actions.start(one.pk, None, actor=boss)
    actions.run_waiting()
    one.refresh_from_db()
    assert one.state == "failed"
    assert "another encoding" in one.error


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
