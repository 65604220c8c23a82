"""`make messages`: collects the words to translate, merges them into each catalogue and compiles it.

A word that is new is left empty in the catalogues; a test says which.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

SOURCE = Path(__file__).parents[1] / "src" / "careline"
LOCALE = SOURCE / "web" / "locale"
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "n_": None,
    # What is kept to be read later: careline.kit.sentences.
    "lasting": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# As other tools number the plurals: Babel alone keeps the last two of Arabic the other way round.
PLURALS = {
    "id": "nplurals=1; plural=0;",
    "ar": (
        "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : "
        "n%100>=11 && n%100<=99 ? 4 : 5);"
    ),
}
LANGUAGES = tuple(PLURALS)
# Not the day of the run, so that a run without news changes nothing.
BEGUN = datetime(2026, 1, 1, tzinfo=UTC)


def collect() -> Catalog:
    """Every message of the source, in a catalogue without translations."""
    wanted = Catalog(creation_date=BEGUN, fuzzy=False)
    for _path, _line, message, _comments, context in extract_from_dir(SOURCE, METHODS, keywords=KEYWORDS):
        wanted.add(message, context=context)
    return wanted


def messages(catalog: Catalog) -> Iterator[Message]:
    """All but the header."""
    return (message for message in catalog if message.id)


def forms(message: Message) -> list[str]:
    """What a catalogue says for a message: one form, or as many as its language has plurals."""
    said = message.string or ""
    return [said] if isinstance(said, str) else list(said)


def path_of(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def catalogue(language: str) -> Catalog:
    """What is kept of a language, or the beginning of it."""
    path = path_of(language)
    if path.exists():
        with path.open("rb") as file:
            return read_po(file, locale=language)
    locale = Locale.parse(language)
    begun = Catalog(
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
    begun.mime_headers = [("Plural-Forms", PLURALS[language])]
    return begun


def written(catalog: Catalog) -> bytes:
    text = io.BytesIO()
    write_po(text, catalog, width=120, no_location=True, sort_output=True, ignore_obsolete=True)
    return text.getvalue()


def compiled(catalog: Catalog) -> bytes:
    code = io.BytesIO()
    write_mo(code, catalog)
    return code.getvalue()


def merge(language: str, wanted: Catalog) -> int:
    """Brings one language up to date; gives back how many words are not translated yet."""
    merged, path = catalogue(language), path_of(language)
    merged.update(wanted, no_fuzzy_matching=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(written(merged))
    # Compiled from what stands in the file, so that anybody can compare the two.
    path.with_suffix(".mo").write_bytes(compiled(catalogue(language)))
    return sum(not all(forms(message)) for message in messages(merged))


def main() -> None:
    wanted = collect()
    for language in LANGUAGES:
        print(f"{language}: {len(wanted)} words, {merge(language, wanted)} without translation.")


if __name__ == "__main__":
    main()
