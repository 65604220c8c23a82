"""`make messages`: collects the words to translate, merges them into each catalogue and compiles it.

A word no catalogue knows is left empty there; tests/docs says which languages must be complete.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "careline"
LOCALE = SOURCE / "web" / "locale"
KEYWORDS = ("gettext_lazy", "gettext_noop", "ngettext_lazy:1,2", "pgettext_lazy:1c,2", "npgettext_lazy:1c,2,3")
LANGUAGES = ("id", "ar")


def babel(*words: str | Path) -> None:
    subprocess.run([Path(sys.executable).with_name("pybabel"), "--quiet", *map(str, words)], check=True, cwd=ROOT)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = Path(folder) / "django.pot"
        keywords = [word for keyword in KEYWORDS for word in ("-k", keyword)]
        babel(
            "extract", "-F", ROOT / "tools" / "messages.cfg", *keywords, "--no-location", "--sort-output",
            "--omit-header", "-o", found, SOURCE,
        )  # fmt: skip
        for language in LANGUAGES:
            catalogue = LOCALE / language / "LC_MESSAGES" / "django.po"
            catalogue.parent.mkdir(parents=True, exist_ok=True)
            merge = "update" if catalogue.exists() else "init"
            kept = ("--no-fuzzy-matching", "--ignore-obsolete") if merge == "update" else ()
            babel(merge, "-i", found, "-o", catalogue, "-l", language, *kept)
            babel("compile", "-i", catalogue, "-o", catalogue.with_suffix(".mo"))


if __name__ == "__main__":
    main()
