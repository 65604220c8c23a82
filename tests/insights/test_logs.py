"""Event logs from files: the counts others state, and every way a file can disappoint."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from careline.cli import program
from careline.insights.warehouse import engine, logs, questions, walks

# File, column of the case; cases, events, activities, variants, top variant, edges as the folders' READMEs state them.
STATED = [
    ("journey-pm4py/running-example.csv", None, (6, 42, 8, 6, 1, 16)),
    ("journey-pm4py/02_teleclaims.xes.gz", None, (3512, 46138, 11, 12, 525, 30)),
    ("journey-pm4py/receipt.csv", None, (1434, 8577, 27, 116, 713, 99)),
    ("journey-retentioneering/ecom.csv.gz", "session_id", (3605, 31106, 19, 3003, 70, 336)),
    ("journey-retentioneering/ecom.csv.gz", "user_id", (600, 31106, 19, 600, 1, 338)),
]
NAMES = ("cases", "events", "activities", "variants", "top_variant", "edges")
XES = """<?xml version="1.0"?>
<log xmlns="http://www.xes-standard.org/"><string key="concept:name" value="not a case"/>
<trace><event><string key="concept:name" value="a &amp; b"/>
<date key="time:timestamp" value="2026-01-01T10:00:00+02:00"/>
<list key="x"><string key="concept:name" value="too deep"/></list></event>
<string key="concept:name" value="one"/>
<event><string key="concept:name" value="c"/><date key="time:timestamp" value="2026-01-01T08:00:01Z"/></event></trace>
<trace><event><date key="time:timestamp" value="2026-01-01T08:00:01Z"/></event></trace></log>"""


def shared(name: str) -> Path:
    folder = os.environ.get("CARELINE_TEST_DATA")
    if not folder:
        pytest.skip("CARELINE_TEST_DATA names no folder with event logs")
    return Path(folder) / name


def explained(capsys: pytest.CaptureFixture[str], path: Path, *words: str) -> dict[str, int]:
    assert program.main(["explain", "log", str(path), "--json", *words]) == 0
    told: dict[str, int] = msgspec.json.decode(capsys.readouterr().out)
    return told


@pytest.mark.parametrize(("name", "case", "stated"), STATED)
def test_the_counts_are_those_others_state(capsys, name, case, stated):
    told = explained(capsys, shared(name), *(["--case", case] if case else []))
    assert tuple(told[name] for name in NAMES) == stated
    assert told["refused"] == 0


def test_what_happens_in_the_shop_is_counted():
    with logs.opened(shared("journey-retentioneering/ecom.csv.gz")) as log:
        assert log.case == "session_id"
        counts = {one.kind: one.n for one in questions.activities(log.conn)}
        assert (counts["product_view"], counts["catalog"], counts["search"]) == (6851, 6521, 4011)


def test_columns_are_found_by_their_usual_names(tmp_path, capsys):
    path = tmp_path / "log.csv"
    path.write_text(
        'TIMESTAMP,Case_ID,Event\n2026-01-01T10:00:00+01:00,7,"a, b"\n2026-01-01 09:00:01,7,"line\nbreak"\n'
    )
    assert explained(capsys, path) == {
        "cases": 1, "events": 2, "activities": 2, "variants": 1, "top_variant": 1, "edges": 1, "refused": 0,
        "cases_with_rework": 0, "repeats": 0,
    }  # fmt: skip
    with logs.opened(path) as log:
        [edge] = questions.journey_map(log.conn)
    assert (edge.start, edge.to, edge.median) == ("a, b", "line\nbreak", 1e6)


def test_rows_without_a_time_or_an_activity_are_refused_and_counted(tmp_path, capsys):
    path = tmp_path / "log.tsv"
    path.write_text("case\tactivity\ttime\n1\ta\t2026-01-01\n1\tb\tyesterday\n1\t\t2026-01-02\n\tc\t2026-01-02\n")
    told = explained(capsys, path)
    assert (told["events"], told["refused"]) == (1, 3)


def test_a_row_of_more_cells_than_columns_counts_and_one_without_an_end_is_refused(tmp_path, capsys):
    path = tmp_path / "log.csv"
    path.write_text(f"case,activity\n1,a,more\n\n1,{'x' * 300_000}\n1\n1,b\n")
    told = explained(capsys, path)
    assert (told["events"], told["refused"], told["edges"]) == (2, 2, 1)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_what_spreadsheets_write_is_read(tmp_path, encoding):
    path = tmp_path / "log.csv"
    path.write_text("case;activity\n1;“café”\n", encoding=encoding)
    with logs.opened(path) as log:
        assert [one.kind for one in questions.activities(log.conn)] == ["“café”"]


def test_without_a_time_the_order_of_the_file_counts(tmp_path):
    path = tmp_path / "log.csv"
    path.write_text("case,activity\n" + "".join(f"{n % 3},{'zyx'[n % 2]}\n" for n in range(30)))
    with logs.opened(path) as log:
        assert log.time is None
        assert {variant.steps for variant in questions.variants(log.conn).items} == {("z", "y") * 5, ("y", "z") * 5}


def test_parquet_is_read_as_it_is(tmp_path, conn):
    path = tmp_path / "log.parquet"
    conn.execute(
        "COPY (SELECT n % 4 AS customer_id, 'kind.' || n % 3 AS kind, TIMESTAMP '2026-01-01' AS ts"
        f" FROM range(40) t(n)) TO {engine.quoted(str(path))} (FORMAT parquet)"
    )
    with logs.opened(path) as log:
        assert (log.events, log.case, log.activity, log.time) == (40, "customer_id", "kind", "ts")


@pytest.mark.parametrize("packed", [False, True])
def test_xes_keeps_every_event_of_every_case(tmp_path, packed):
    path = tmp_path / ("log.xes.gz" if packed else "log.xes")
    path.write_bytes(gzip.compress(XES.encode()) if packed else XES.encode())
    with logs.opened(path) as log:
        assert (log.events, log.refused) == (2, 1)
        [edge] = questions.journey_map(log.conn)
        assert (edge.start, edge.to, edge.median) == ("a & b", "c", 1e6)


def test_traces_are_cases_whether_or_not_they_have_names(tmp_path):
    event = '<event><string key="concept:name" value="a"/></event>'
    named = '<string key="concept:name" value="one"/>'
    path = tmp_path / "log.xes"
    path.write_text(f"<log>{event}" + f"<trace>{event * 2}</trace>" * 2 + f"<trace>{named}{event}</trace>{event}</log>")
    with logs.opened(path) as log:
        assert (log.events, log.refused) == (0, 5)  # none of them has a time
    path.write_text(path.read_text().replace("</event>", '<date key="time:timestamp" value="2026-01-01"/></event>'))
    with logs.opened(path) as log:
        assert (log.events, log.refused, questions.variants(log.conn).customers) == (5, 0, 3)


BOMB = '<?xml version="1.0"?><!DOCTYPE log [<!ENTITY a "aaaaaaaa">]><log>&a;</log>'


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("bomb.xes", BOMB.encode(), "bomb.xes: The file cannot be read: it declares a document type"),
        ("half.xes", b"<log><trace>", "half.xes: The file cannot be read: "),
        ("cut.xes.gz", gzip.compress(XES.encode(), mtime=0)[:60], "cut.xes.gz: The file ends early"),
        ("bare.csv", b"a,b\n1,2\n", "There is no column that names the case; there are: a, b."),
        ("idle.csv", b"case,b\n1,2\n", "There is no column that names the activity; there are: case, b."),
        ("mixed.csv", b"case,activity\n1,\xe9\x81\n", "mixed.csv: From some line on the file is written in another"),
        ("zipped.csv", b"PK\x03\x04 and more", "zipped.csv: This is an archive or a workbook."),
        ("nothing.csv", b"", "There is no column that names the case; there are: ."),
        ("odd.parquet", b"no parquet", "odd.parquet cannot be read: "),
    ],
)
def test_what_is_no_log_is_told_in_one_sentence(tmp_path, capsys, name, content, said):
    (tmp_path / name).write_bytes(content)
    assert program.main(["explain", "log", str(tmp_path / name)]) == 1
    told = capsys.readouterr().err
    assert told.startswith(said)
    assert told.count("\n") == 1


def test_it_is_told_where_there_is_no_installation(tmp_path):
    path = tmp_path / "bomb.xes"
    path.write_text(BOMB)
    told = subprocess.run(
        [Path(sys.executable).with_name("careline"), "explain", "log", path],
        env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (told.returncode, told.stderr.splitlines()[1:]) == (1, [])
    assert told.stderr.startswith("bomb.xes: The file cannot be read: it declares")


def test_a_file_that_is_not_there_is_told(tmp_path, capsys):
    assert program.main(["explain", "log", str(tmp_path / "nothing.csv")]) == 1
    assert capsys.readouterr().err == f"There is no file {tmp_path / 'nothing.csv'}.\n"


def test_a_case_that_is_not_there_is_told(tmp_path, capsys):
    path = tmp_path / "log.csv"
    path.write_text("case,activity\n1,a\n")
    assert program.main(["explain", "log", str(path), "--case", "basket"]) == 1
    assert capsys.readouterr().err == "There is no column basket; there are: case, activity.\n"


def test_the_account_for_people_names_what_was_read(tmp_path, capsys):
    path = tmp_path / "log.csv"
    path.write_text("case,activity,time\n1,a,2026-01-01\n1,b,2026-01-03\n")
    assert program.main(["explain", "log", str(path)]) == 0
    told = capsys.readouterr().out
    assert "By “case”, “activity” and “time”." in told
    assert "1  a → b" in told
    assert "2 days, 0:00:00" in told


LOG = """case,activity,time
1,ask,2026-01-01T10:00
1,ask,2026-01-01T10:01
1,check,2026-01-01T10:02
1,ask,2026-01-01T10:04
1,pay,2026-01-02T10:00
2,ask,2026-01-03T10:00
2,pay,2026-01-03T10:20
3,ask,2026-01-04T10:00
"""


def test_further_questions_are_asked_by_their_options(tmp_path, capsys):
    path = tmp_path / "log.csv"
    path.write_text(LOG)
    told = explained(
        capsys, path, "--funnel", "ask", "pay", "--exclude", "check", "--between", "ask", "pay", "--before", "pay",
        "--after", "ask", "--days", "1",
    )  # fmt: skip
    assert (told["cases_with_rework"], told["repeats"]) == (1, 2)
    assert [(one["n"], one["excluded"]) for one in told["funnel"]] == [(3, 0), (1, 1)]
    assert told["between"]["times"] == {"n": 2, "unanswered": 0, "waiting": 1, "median": 43800e6, "p90": 86400000000}
    assert [(node["step"], node["kind"], node["n"]) for node in told["before"]["nodes"]] == [
        (-3, "ask", 1), (-2, "check", 1), (-1, "ask", 2), (0, "pay", 2),
    ]  # fmt: skip
    assert program.main(["explain", "log", str(path), "--funnel", "ask", "pay", "--strict", "--after", "ask"]) == 0
    said = capsys.readouterr().out
    assert "1 + 1  ask" in said
    assert "1 of 3 cases; 1 day, 0:00:00, 0:10:00" in said
    assert "1  ask → check → ask" in said
    assert "1  pay" in said
    assert "+1  check" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--strict"], "--strict and --exclude belong to --funnel."),
        (["--funnel", "a", "b", "--strict", "--exclude", "c"], "In strict order nothing happens between the steps"),
        (["--funnel", "a", "--days", "0"], "--days is a number from 1 to 3650."),
    ],
)
def test_options_that_make_no_sense_are_refused(tmp_path, capsys, words, said):
    path = tmp_path / "log.csv"
    path.write_text(LOG)
    assert program.main(["explain", "log", str(path), *words]) == 1
    assert capsys.readouterr().err.startswith(said)


def test_what_is_done_again_in_a_known_log():
    """Counted by hand: of six cases the third and the fifth were taken up again, once and twice."""
    with logs.opened(shared("journey-pm4py/running-example.csv")) as log:
        found = walks.rework(log.conn, limit=99)
    assert (found.cases, found.again, found.repeats) == (6, 2, 9)
    assert {one.kind: (one.n, one.cases, one.again, one.direct, one.round) for one in found.steps} == {
        "check ticket": (9, 6, 2, 0, 3), "decide": (9, 6, 2, 0, 3), "examine casually": (6, 4, 1, 0, 2),
        "reinitiate request": (3, 2, 1, 0, 1),
    }  # fmt: skip
