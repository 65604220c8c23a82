"""`careline evaluate`: how good it is on labeled texts of anybody."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from careline.cli import program
from tests.intelligence.test_feeling import LABELED
from tests.intelligence.test_intents import SAID

ROWS = [(text, intent) for intent, texts in SAID.items() for text in texts]
SETS = Path(os.environ.get("CARELINE_TEST_DATA", ""))


@pytest.fixture
def file(tmp_path):
    def written(rows, name="rows.csv", head="text,label"):
        path = tmp_path / name
        path.write_text("\n".join([head, *(f'"{text}",{label}' for text, label in rows)]) + "\n", encoding="utf-8")
        return str(path)

    return written


def told(capsys, *arguments):
    assert program.main(["evaluate", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def test_a_fifth_of_a_file_is_kept_aside_and_judged(file, capsys):
    found = told(capsys, "intent", file(ROWS))
    assert set(found) == {"accuracy", "in_scope_accuracy", "refused", "threshold"}
    assert found["accuracy"] >= 0.8
    assert found == told(capsys, "intent", file(ROWS))


def test_what_is_out_of_scope_is_judged_by_its_refusal(file, capsys):
    foreign = [("who won the cup final", "oos"), ("what is the capital of peru", "oos"), ("sing me a song", "oos")]
    found = told(
        capsys, "intent", "--train", file(ROWS, "train.csv"), "--out-of-scope", "oos",
        "--test", file([*foreign, ("my package is not here yet", "order_status")], "test.csv"),
    )  # fmt: skip
    assert found["out_of_scope_recall"] == 1
    assert found["in_scope_accuracy"] == 1


def test_finding_is_judged_beside_words_alone(file, capsys):
    found = told(capsys, "retrieval", file(ROWS))
    assert found["r_at_3"] == 1
    assert {"bm25_r_at_1", "dense_mrr", "mrr"} <= set(found)


def test_feelings_are_judged_beside_the_lexicon(file, capsys):
    found = told(capsys, "sentiment", file(LABELED))
    assert found["calibrated"] > found["lexicon"]
    assert program.main(["evaluate", "sentiment", file(ROWS)]) == 1
    assert "Labels must be positive, negative, neutral" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("head", "rows", "words"),
    [
        ("words,kind", ROWS, "columns text and label"),
        ("text,label", [("fine", "")], "row 2"),
        ("text,label", [], "no rows"),
        ("text,label", [("one", "a"), ("two", "a")], "Two labels"),
        ("text,label", [("one", "a"), ("two", "b")], "nothing to judge"),
    ],
)
def test_a_file_that_does_not_do_is_refused_in_a_sentence(file, capsys, head, rows, words):
    assert program.main(["evaluate", "intent", file(rows, head=head)]) == 1
    assert words in capsys.readouterr().err


def test_what_is_missing_is_said(capsys, monkeypatch):
    monkeypatch.delenv("CARELINE_TEST_DATA", raising=False)
    for arguments, words in [
        (["intent"], "Name one FILE"),
        (["intent", "--set", "banking77"], "CARELINE_TEST_DATA"),
        (["sentiment", "--set", "banking77", "--folder", "/"], "amazon"),
        (["intent", "/nowhere.csv"], "/nowhere.csv"),
    ]:
        assert program.main(["evaluate", *arguments]) == 1
        assert words in capsys.readouterr().err


@pytest.mark.long
@pytest.mark.skipif(not (SETS / "text-banking77").is_dir(), reason="the published sets are not there")
@pytest.mark.parametrize(
    ("what", "name", "floors"),
    [
        ("intent", "banking77", {"accuracy": 0.92, "accuracy_10_each": 0.84, "accuracy_5_each": 0.80}),
        ("intent", "clinc150", {"accuracy": 0.95, "in_scope_accuracy": 0.92, "out_of_scope_recall": 0.82}),
        ("retrieval", "banking77", {"r_at_3": 0.94}),
        ("retrieval", "clinc150", {"r_at_3": 0.94}),
        ("sentiment", "amazon", {"calibrated": 0.73}),
    ],
)
def test_published_sets_are_met_as_promised(capsys, what, name, floors):
    found = told(capsys, what, "--set", name, "--folder", str(SETS))
    assert {key: found[key] for key in floors} == {key: pytest.approx(max(found[key], floors[key])) for key in floors}
