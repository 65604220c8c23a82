"""`python -m tools.emotions FOLDER`: learns the packaged emotion head from GoEmotions' train.tsv and labels.txt.

Twenty-seven emotions of Reddit comments (D. Demszky et al., ACL 2020; Apache License 2.0) are taken together as Ekman's
six and neutral, as the authors do; a comment of several of the seven is left out. The result is small arrays.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from careline.intelligence import embedding

SEVEN = {
    "anger": "anger annoyance disapproval",
    "disgust": "disgust",
    "fear": "fear nervousness",
    "joy": "joy amusement approval excitement gratitude love optimism relief pride admiration desire caring",
    "sadness": "sadness disappointment embarrassment grief remorse",
    "surprise": "surprise realization confusion curiosity",
    "neutral": "neutral",
}
# The first so many comments; some three minutes of one core to read.
COMMENTS = 40_000
TARGET = Path(__file__).parents[1] / "src/careline/intelligence/sentiment/emotions.npz"


def examples(folder: Path) -> list[tuple[str, str]]:
    fine = (folder / "labels.txt").read_text(encoding="utf-8").split()
    seven = {name: of for of, names in SEVEN.items() for name in names.split()}
    found = []
    for line in (folder / "train.tsv").read_text(encoding="utf-8").splitlines()[:COMMENTS]:
        text, numbers, _id = line.split("\t")
        kinds = {seven[fine[int(number)]] for number in numbers.split(",")}
        if len(kinds) == 1:
            found.append((text, kinds.pop()))
    return found


def main(folder: str) -> int:
    labeled = examples(Path(folder))
    vectors = embedding.encoder_of("en").embed_all([text for text, _kind in labeled])
    with threadpool_limits(1):
        found = LogisticRegression(C=1.0, tol=1e-3).fit(vectors, [kind for _text, kind in labeled])
    np.savez(
        TARGET,
        names=np.array([str(name) for name in found.classes_]),
        weights=found.coef_.astype(np.float32),
        bias=found.intercept_.astype(np.float32),
        model_id=np.array(embedding.MODEL_ID),
    )
    print(f"{TARGET.name}: {len(labeled)} comments, {TARGET.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
