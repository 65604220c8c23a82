"""Say how good intents, feelings or finding are on labeled texts; writes nothing and needs no database.

`careline evaluate intent FILE` reads a CSV with the columns text and label, keeps a fifth of each label aside by a
stated seed, learns from the rest and judges what was kept aside. With --train and --test the parts are files of one's
own. `evaluate retrieval` asks whether the right entry is found, each known by its label and ten of its texts;
`evaluate sentiment` takes the labels positive, negative and neutral.

With --set it is one of the published sets (banking77, clinc150, amazon) from the folder --folder or CARELINE_TEST_DATA
names; intents are then learned from five and ten texts each as well, in five seeded draws.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import msgspec

from careline.cli.say import say, table
from careline.kit.refusals import Refused

WHAT = ("intent", "sentiment", "retrieval")


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=WHAT, metavar="WHAT", help=", ".join(WHAT))
    parser.add_argument("file", type=Path, nargs="?", metavar="FILE", help="labeled texts, a fifth of them kept aside")
    parser.add_argument("--train", type=Path, metavar="CSV", help="texts to learn from")
    parser.add_argument("--test", type=Path, metavar="CSV", help="texts to judge")
    parser.add_argument("--set", metavar="NAME", help="a published set: banking77, clinc150, amazon")
    parser.add_argument("--folder", type=Path, metavar="DIR", help="where the published sets lie")
    parser.add_argument("--out-of-scope", metavar="LABEL", help="the label of texts that are to be refused")
    parser.add_argument("--language", metavar="CODE", default="en", help="of the texts; en when left out")
    parser.add_argument("--seed", type=int, metavar="N", default=7, help="of what is drawn; 7 when left out")
    parser.add_argument("--json", action="store_true", help="one JSON object")


def run(options: argparse.Namespace) -> None:
    from careline.intelligence.evaluating import Unfit

    try:
        found = _found(options)
    except Unfit as error:
        raise Refused(str(error)) from None
    if options.json:
        say(msgspec.json.encode({key: round(value, 4) for key, value in found.items()}).decode())
    else:
        table((key, f"{value:.4f}") for key, value in found.items())


def _found(options: argparse.Namespace) -> dict[str, float]:
    from careline.intelligence import evaluating

    if options.set:
        return evaluating.of_set(options.what, options.set, _folder(options), seed=options.seed)
    train, test = _parts(options)
    return evaluating.of_rows(
        options.what, train, test, out_of_scope=options.out_of_scope, language=options.language, seed=options.seed
    )


def _parts(options: argparse.Namespace) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    from careline.intelligence import evaluating

    if options.file and not (options.train or options.test):
        return evaluating.aside(evaluating.read(options.file), options.seed)
    if options.train and options.test and not options.file:
        return evaluating.read(options.train), evaluating.read(options.test)
    raise Refused("Name one FILE, or --train and --test, or --set.")


def _folder(options: argparse.Namespace) -> Path:
    named = options.folder or os.environ.get("CARELINE_TEST_DATA")
    if not named:
        raise Refused("Name the folder of the published sets by --folder or CARELINE_TEST_DATA.")
    return Path(named)
