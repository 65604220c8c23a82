"""Labeled texts from files: CSV with the columns text and label, and published sets as their authors lay them out."""

from __future__ import annotations

import csv
import json
import random
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path


class Unfit(Exception):
    """These texts do not do for what is asked; the sentence says why."""


# (text, label)
Labeled = tuple[str, str]
SEED = 7
# One in so many is kept aside and not learned from.
ASIDE = 5
# What others call out of scope.
OUT_OF_SCOPE = "oos"
# What each holds, by what it can be asked for.
KNOWN = {"banking77": ("intent", "retrieval"), "clinc150": ("intent", "retrieval"), "amazon": ("sentiment",)}
_FOLDERS = {"banking77": "text-banking77", "clinc150": "text-clinc150", "amazon": "text-vader"}


def read(path: Path) -> list[Labeled]:
    """Unfit where the columns are not there or a row has no text or no label."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = csv.DictReader(lines)
            columns = {name.strip().lower(): name for name in rows.fieldnames or []}
            if not {"text", "label"} <= columns.keys():
                raise Unfit(f"{path} needs a first line with the columns text and label.")
            found = [(row[columns["text"]] or "", row[columns["label"]] or "") for row in rows]
    except (UnicodeDecodeError, csv.Error) as error:
        raise Unfit(f"{path} is no CSV in UTF-8: {error}.") from None
    for number, (text, label) in enumerate(found, 2):
        if not text.strip() or not label.strip():
            raise Unfit(f"{path} has no text or no label in its row {number}.")
    if not found:
        raise Unfit(f"{path} has no rows.")
    return [(text, label.strip()) for text, label in found]


def known(name: str, folder: Path) -> list[Labeled]:
    """A published set, from the folder that holds one folder a set."""
    return {"banking77": _banking77, "clinc150": _clinc150, "amazon": _amazon}[name](folder / _FOLDERS[name])


def aside(rows: Sequence[Labeled], seed: int = SEED) -> tuple[list[Labeled], list[Labeled]]:
    """What may be learned from, and a fifth of each label, drawn by the seed, that may not."""
    by_label: dict[str, list[Labeled]] = defaultdict(list)
    for row in rows:
        by_label[row[1]].append(row)
    chance = random.Random(seed)  # noqa: S311 - a draw that comes out the same, no secret
    kept: list[Labeled] = []
    out: list[Labeled] = []
    for label in sorted(by_label):
        chance.shuffle(by_label[label])
        cut = round(len(by_label[label]) / ASIDE)
        out += by_label[label][:cut]
        kept += by_label[label][cut:]
    return kept, out


def few(rows: Sequence[Labeled], each: int, seed: int) -> list[Labeled]:
    """So many of each label, drawn by the seed."""
    by_label: dict[str, list[Labeled]] = defaultdict(list)
    for row in rows:
        by_label[row[1]].append(row)
    chance = random.Random(seed)  # noqa: S311 - as above
    return [
        row for label in sorted(by_label) for row in chance.sample(by_label[label], min(each, len(by_label[label])))
    ]


def _banking77(folder: Path) -> list[Labeled]:
    with (folder / "train.csv").open(encoding="utf-8", newline="") as lines:
        return [(row["text"], row["category"]) for row in csv.DictReader(lines)]


def _clinc150(folder: Path) -> list[Labeled]:
    """In scope both of their parts; what is out of scope has the label oos."""
    parts = json.loads((folder / "data_full_train_val.json").read_text(encoding="utf-8"))
    return [(text, label) for part in ("train", "val", "oos_train", "oos_val") for text, label in parts[part]]


def _amazon(folder: Path) -> list[Labeled]:
    """Snippets of reviews with the mean of twenty people's ratings, of which the sign counts."""
    lines = (folder / "amazonReviewSnippets_GroundTruth.txt").read_text(encoding="utf-8", errors="replace").splitlines()
    rows = [line.split("\t") for line in lines if line.count("\t") >= 2]
    return [(row[2], "positive" if float(row[1]) > 0 else "negative") for row in rows if float(row[1])]
