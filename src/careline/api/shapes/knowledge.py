"""Articles as programs write and read them, what a search finds, and what is missing."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from careline.api.shapes.conversations import Moment
from careline.api.shapes.pages import Next

Audience = Literal["public", "customers", "agents"]
Language = Annotated[str, Meta(min_length=1, max_length=12, description="One the organization speaks, such as `en`.")]
Title = Annotated[str, Meta(min_length=1, max_length=200)]
Body = Annotated[
    str, Meta(max_length=200_000, description="Markdown: CommonMark and tables; HTML in it stands as text.")
]
Phrasings = Annotated[
    list[Annotated[str, Meta(max_length=200)]],
    Meta(max_length=50, description="How people ask for it, in their words; they help search more than anything else."),
]


class ArticlePlacing(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What holds in all its languages."""

    collection_id: str | None = None
    audience: Audience = "public"
    owner_id: str | None = None
    review_on: datetime.date | None = None


class ArticleMaking(ArticlePlacing, frozen=True, forbid_unknown_fields=True, kw_only=True):
    title: Title
    language: Language
    body: Body = ""
    summary: Annotated[str, Meta(max_length=500)] = ""
    phrasings: Phrasings = []
    slug: Annotated[str, Meta(max_length=80, description="Its address; empty is made of the title.")] = ""


class ArticleWriting(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An article in one language, all of it kept anew; made where it was not there."""

    title: Title
    body: Body = ""
    summary: Annotated[str, Meta(max_length=500)] = ""
    phrasings: Phrasings = []
    slug: Annotated[str, Meta(max_length=80)] = ""
    revision: Annotated[
        int | None,
        Meta(description="The one that was read. If somebody wrote meanwhile: 409, both are kept; null overwrites."),
    ] = None


class ArticleText(msgspec.Struct, frozen=True):
    """In one language, as it is written; `published_at` is null while nobody reads it."""

    language: str
    slug: str
    title: str
    summary: str
    body: str
    phrasings: list[str]
    revision: int
    changed_at: Moment
    published_at: Moment | None
    helped: int
    failed: int
    url: str | None


class Article(msgspec.Struct, frozen=True):
    id: str
    collection_id: str | None
    audience: Audience
    owner_id: str | None
    review_on: datetime.date | None
    archived_at: Moment | None
    languages: list[ArticleText]


class Articles(msgspec.Struct, frozen=True):
    items: list[Article]
    next: Next


class ArticleArchiving(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where readers of its addresses are led."""

    replaced_by: str | None = None


class ArticleVersion(msgspec.Struct, frozen=True):
    """`aside`: written at the same time as something that was kept."""

    number: int
    title: str
    summary: str
    body: str
    aside: bool
    written_by: str | None
    written_at: Moment
    published_at: Moment | None


class ArticleVersions(msgspec.Struct, frozen=True):
    items: list[ArticleVersion]
    next: Next


class ArticleHit(msgspec.Struct, frozen=True):
    """`near` is the cosine of its nearest passage where meanings are understood; `covered` the part of the words asked
    for that it holds."""

    article_id: str
    language: str
    title: str
    excerpt: str
    audience: Audience
    url: str
    score: float
    near: float | None
    covered: float


class ArticleHits(msgspec.Struct, frozen=True):
    """`by` words alone where the language's meanings are not understood here."""

    items: list[ArticleHit]
    by: Literal["words", "meaning"]


class ArticleCollectionWriting(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Names and words by language."""

    names: dict[str, str]
    about: dict[str, str] = {}
    slug: Annotated[str, Meta(max_length=80)] = ""


class ArticleCollection(msgspec.Struct, frozen=True):
    id: str
    slug: str
    names: dict[str, str]
    about: dict[str, str]
    articles: int


class ArticleCollections(msgspec.Struct, frozen=True):
    items: list[ArticleCollection]
    next: Next


class KnowledgeGap(msgspec.Struct, frozen=True):
    """What was looked for in vain, as most said it and as others did."""

    words: str
    also: list[str]
    language: str
    times: int
    refused: bool


class KnowledgeGaps(msgspec.Struct, frozen=True):
    items: list[KnowledgeGap]
    next: Next


class ArticleRefusal(msgspec.Struct, frozen=True):
    path: str
    why: str


class ArticlesBrought(msgspec.Struct, frozen=True):
    """What became of each file of an import."""

    made: list[str]
    changed: list[str]
    same: int
    pictures: int
    refused: list[ArticleRefusal]
