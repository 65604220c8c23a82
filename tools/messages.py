"""`make messages`: collects the words to translate, merges them into each catalogue and compiles it.

A word that is new is left empty in the catalogues; a test says which.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

SOURCE = Path(__file__).parents[1] / "src" / "careline"
LOCALE = SOURCE / "web" / "locale"
LANGUAGES = ("id", "ar")
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def found() -> Iterator[str | tuple[str, ...]]:
    for _path, _line, message, _comments, _context in extract_from_dir(SOURCE, METHODS, keywords=KEYWORDS):
        yield message


# Not the day of the run, so that a run without news changes nothing.
BEGUN = datetime(2026, 1, 1, tzinfo=UTC)


def catalogue(language: str) -> Catalog:
    locale = Locale.parse(language)
    return Catalog(
        locale=locale,
        domain="django",
        header_comment=f"# Careline in {locale.english_name}.",
        project="Careline",
        version="1",
        creation_date=BEGUN,
        revision_date=BEGUN,
        last_translator="Careline",
        language_team="Careline",
        msgid_bugs_address="Careline",
        fuzzy=False,
    )


def main() -> None:
    wanted = Catalog(creation_date=BEGUN, fuzzy=False)
    for message in sorted(found(), key=str):
        wanted.add(message)
    for language in LANGUAGES:
        path = LOCALE / language / "LC_MESSAGES" / "django.po"
        merged = catalogue(language)
        if path.exists():
            with path.open("rb") as file:
                merged = read_po(file, locale=language)
        merged.update(wanted, no_fuzzy_matching=True)
        merged.obsolete.clear()
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, merged, width=120, no_location=True, sort_output=True, ignore_obsolete=True)
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, merged)
        empty = sum(1 for message in merged if message.id and not any(message.string or ()))
        print(f"{language}: {len(merged)} words, {empty} without translation.")


if __name__ == "__main__":
    main()
