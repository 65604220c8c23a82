"""A folder is brought in: each file an article or a sentence that says why not; what is there is written anew."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath
from urllib.parse import unquote

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from careline.accounts import audit
from careline.accounts.actor import Actor
from careline.kit.refusals import Refused
from careline.service.knowledge import actions, drawing, shapes
from careline.service.knowledge.bringing import archive, reading
from careline.service.knowledge.bringing.archive import Member
from careline.service.knowledge.bringing.reading import Brought
from careline.service.knowledge.models import Collection, Translation
from careline.service.knowledge.shapes import Placed, Written

# A picture of Markdown, and a link to another file of the folder.
_PLACES = re.compile(r"(!?)\[([^\]\n]{0,500})\]\((<[^>\n]{0,1000}>|[^)\s]{1,1000})([^)\n]{0,200})\)")


class Refusal(msgspec.Struct, frozen=True):
    path: str
    why: str


class Report(msgspec.Struct):
    """What became of each file."""

    made: list[int] = []
    changed: list[int] = []
    same: int = 0
    pictures: int = 0
    refused: list[Refusal] = []


def bring(name: str, content: bytes, *, actor: Actor, publish: bool = False) -> Report:
    """A zip, or a single file. Articles are drafts unless they are to be published; nothing of it is half there."""
    actor.must("knowledge.edit")
    if name.lower().endswith(".zip") or content[:4] == b"PK\x03\x04":
        found = list(archive.members(content))
    elif name.lower().endswith(archive.ARTICLES):
        found = [Member(PurePosixPath(name.replace("\\", "/")).name, content)]
    else:
        raise Refused(_("Bring a zip, Markdown or HTML."), field="file")
    return _brought(found, actor, publish=publish)


@transaction.atomic
def _brought(found: Iterable[Member], actor: Actor, *, publish: bool) -> Report:
    report, spoken = Report(), shapes.languages()
    pictures = {one.path: one for one in found if one.path.lower().endswith(archive.PICTURES) and not one.refused}
    articles: list[Brought] = []
    for one in found:
        if one.refused:
            report.refused.append(Refusal(one.path, one.refused))
        elif one.path not in pictures:
            articles.append(reading.read(one.path, one.content, languages=spoken))
    if not articles and not report.refused:
        raise Refused(_("There is no Markdown and no HTML in it."), field="file")
    collections = _collections(articles, actor)
    # The same matter in several languages has one place in the folder, but for the language.
    wholes: dict[str, int] = {}
    for brought in sorted(articles, key=lambda each: (each.language != spoken[0], each.path)):
        try:
            with transaction.atomic():
                _one(brought, wholes, collections, pictures, actor, report, publish=publish)
        except Refused as refusal:
            report.refused.append(Refusal(brought.path, str(refusal)))
    audit.record(
        "articles.imported", "article:0", actor=actor, made=len(report.made), changed=len(report.changed),
        refused=len(report.refused),
    )  # fmt: skip
    return report


def _one(
    one: Brought,
    wholes: dict[str, int],
    collections: dict[str, int],
    pictures: dict[str, Member],
    actor: Actor,
    report: Report,
    *,
    publish: bool,
) -> None:
    known = Translation.objects.filter(language=one.language, slug=one.written.slug).first()
    place, home = _place(one), collections.get(one.collection)
    if known is not None:
        written = _with_pictures(one, known.article_id, pictures, actor, report, known.body)
        made = actions.change(known.pk, written, revision=None, actor=actor)
        if made.revision > known.revision:
            report.changed.append(known.article_id)
        else:
            report.same += 1
    elif place in wholes:
        written = _with_pictures(one, wholes[place], pictures, actor, report)
        made = actions.translate(wholes[place], written, actor=actor, language=one.language)
        report.changed.append(made.article_id)
    else:
        placed = Placed(collection_id=home, audience=one.audience)
        made = actions.create(one.written, placed, actor=actor, language=one.language)
        written = _with_pictures(one, made.article_id, pictures, actor, report)
        if written.body != one.written.body:
            made = actions.change(made.pk, written, revision=None, actor=actor)
        report.made.append(made.article_id)
    wholes.setdefault(place, made.article_id)
    if publish and made.body.strip() and not _is_published(made):
        actions.publish(made.pk, actor=actor)


def _is_published(made: Translation) -> bool:
    last = made.versions.filter(aside=False).order_by("-number").first()
    return last is not None and last.published_at is not None


def _place(one: Brought) -> str:
    path = PurePosixPath(one.path)
    parts = [part for part in path.parts[:-1] if part != one.language]
    return "/".join([*parts, path.name.split(".")[0]])


def _collections(articles: list[Brought], actor: Actor) -> dict[str, int]:
    known = {words.casefold(): one.pk for one in Collection.objects.all() for words in (*one.names.values(), one.slug)}
    found: dict[str, int] = {}
    for one in articles:
        name = one.collection.strip()[:100]
        if name and name.casefold() not in known:
            known[name.casefold()] = actions.keep_collection({one.language: name}, actor=actor).pk
        if name:
            found[one.collection] = known[name.casefold()]
    return found


def _with_pictures(
    one: Brought, article_id: int, pictures: dict[str, Member], actor: Actor, report: Report, before: str = ""
) -> Written:
    """Its pictures of the folder become the house's own, and its links to other files lead to their articles."""
    folder = PurePosixPath(one.path).parent
    stored: dict[str, str] = {}

    def led(match: re.Match[str]) -> str:
        mark, words, target = match[1], match[2], match[3].strip("<>")
        path = _path(folder, target)
        if mark and path in pictures:
            if path not in stored:
                stored[path] = _kept_before(before, words) or _stored(path)
            return f"![{words}]({stored[path]})"
        if not mark and path.lower().endswith(archive.ARTICLES):
            name = PurePosixPath(path).name.split(".")[0]
            return f"[{words}](/help/{one.language}/articles/{drawing.slug(name)})"
        return match[0]

    def _stored(path: str) -> str:
        kept = actions.add_picture(article_id, pictures[path].content, name=PurePosixPath(path).name, actor=actor)
        report.pictures += 1
        return f"{drawing.PICTURES}{kept.file_id}"

    return msgspec.structs.replace(one.written, body=_PLACES.sub(led, one.written.body))


def _kept_before(before: str, words: str) -> str:
    """The picture of the same words in what was brought before: bringing a folder again keeps it."""
    found = re.search(rf"!\[{re.escape(words)}\]\(({drawing.PICTURES}[0-9a-f-]+)\)", before) if words else None
    return found[1] if found else ""


def _path(folder: PurePosixPath, target: str) -> str:
    """Where a relative address leads within the folder; elsewhere is nowhere."""
    if "://" in target or target.startswith(("#", "mailto:", "//")):
        return ""
    parts: list[str] = [] if target.startswith("/") else list(folder.parts)
    for part in unquote(target.partition("#")[0].partition("?")[0]).split("/"):
        if part == "..":
            if not parts:
                return ""
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)
