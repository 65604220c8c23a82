"""How good the tools of meaning are on labeled texts: a company's own, or sets others published."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from careline.intelligence.evaluating import sets
from careline.intelligence.evaluating.intent import intent
from careline.intelligence.evaluating.retrieval import retrieval
from careline.intelligence.evaluating.rivals import counted_words
from careline.intelligence.evaluating.sentiment import sentiment
from careline.intelligence.evaluating.sets import KNOWN, Labeled, Unfit, aside, read

__all__ = ["KNOWN", "Labeled", "Unfit", "aside", "intent", "of_rows", "of_set", "read", "retrieval", "sentiment"]

FEW = (5, 10)
DRAWS = 5


def of_rows(
    what: str,
    train: Sequence[Labeled],
    test: Sequence[Labeled],
    *,
    out_of_scope: str | None = None,
    language: str = "en",
    seed: int = sets.SEED,
) -> dict[str, float]:
    """`what` is intent, sentiment or retrieval; Unfit where the texts do not do for it."""
    if what != "sentiment" and len({label for _text, label in train if label != out_of_scope}) < 2:
        raise Unfit("Two labels are the least that can be told apart.")
    if not test:
        raise Unfit("There is nothing to judge: a fifth of each label is kept aside, so each needs three texts.")
    if what == "sentiment":
        return sentiment(train, test, seed=seed)
    if what == "retrieval":
        return retrieval(train, test, language=language, seed=seed)
    return intent(train, test, out_of_scope=out_of_scope, language=language)


def of_set(what: str, name: str, folder: Path, *, seed: int = sets.SEED) -> dict[str, float]:
    """A published set; of intents also learned from few texts each, in five draws, and a rival that counts words."""
    if what not in KNOWN.get(name, ()):
        fitting = [each for each, kinds in KNOWN.items() if what in kinds]
        raise Unfit(f"For {what} the sets are: {', '.join(fitting)}.")
    rows = sets.known(name, folder)
    inside = [row for row in rows if row[1] != sets.OUT_OF_SCOPE]
    train, test = aside(inside, seed)
    outside = [row for row in rows if row[1] == sets.OUT_OF_SCOPE]
    if what != "intent":
        return of_rows(what, train, test, seed=seed)
    found = intent(train, [*test, *outside], out_of_scope=sets.OUT_OF_SCOPE)
    for each in FEW:
        draws = [intent(sets.few(train, each, seed + n), test, folds=0)["accuracy"] for n in range(DRAWS)]
        found |= {f"accuracy_{each}_each": float(np.mean(draws)), f"lowest_{each}_each": min(draws)}
    return found | {"counted_words": counted_words(train, test)}
