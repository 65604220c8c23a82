"""Files of touchpoints on their way to the line."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from careline.api.shapes.conversations import Moment
from careline.api.shapes.pages import Next

Number = Annotated[int, Meta(description="Of the line it begins in; of the event in XES, of the row in Parquet.")]


class ImportColumns(msgspec.Struct, frozen=True, kw_only=True):
    """Names of columns, and what holds for every row; an empty name is none."""

    form: Annotated[
        Literal["columns", "events"],
        Meta(description="Rows whose columns say it, or events as Segment's clients write them, which say it all."),
    ] = "columns"
    person: Annotated[str, Meta(description="Names the customer.")] = ""
    person_kind: Literal["external", "email", "phone", "visitor"] = "external"
    event: Annotated[str, Meta(description="What happened; or")] = ""
    event_name: Annotated[str, Meta(description="what happened in every row.")] = ""
    time: str = ""
    order: Annotated[Literal["auto", "month_first", "day_first"], Meta(description="How 05/01/2026 is meant.")] = "auto"
    zone: Annotated[str, Meta(description="Of times that name none.")] = "UTC"
    journey: Annotated[str, Meta(description="The number of what it moves along, and")] = ""
    journey_noun: Annotated[str, Meta(description="what that is.")] = "case"
    value: str = ""
    currency: str = ""
    id: Annotated[str, Meta(description="A number of its own for each row; else its content is.")] = ""
    properties: Annotated[list[str] | None, Meta(description="Kept with each row; null is all the others.")] = None


class ImportStarting(msgspec.Struct, frozen=True):
    columns: Annotated[ImportColumns | None, Meta(description="Left out, they are guessed by their names.")] = None
    source_id: Annotated[
        str | None, Meta(description="Whose events they are: what that source sent already does not land again.")
    ] = None


class Import(msgspec.Struct, frozen=True):
    """A file, how far it is, and what became of its rows."""

    id: str
    name: str
    format: Literal["csv", "jsonl", "xes", "parquet"]
    state: Annotated[
        Literal["ready", "waiting", "running", "done", "stopped", "failed"],
        Meta(description="Ready is looked at and not started; stopped and failed may go on while the file is kept."),
    ]
    size: int
    percent: Annotated[int, Meta(description="How much of the file is behind it.")]
    read: int
    added: int
    repeated: Annotated[int, Meta(description="Was on the line already.")]
    refused: int
    error: Annotated[str, Meta(description="Why it failed.")]
    has_file: bool
    source_id: str | None
    columns: Annotated[ImportColumns | None, Meta(description="Null while it is not started.")]
    created_at: Moment
    started_at: Moment | None
    ended_at: Moment | None


class Imports(msgspec.Struct, frozen=True):
    items: list[Import]
    next: Next


class ImportTrial(msgspec.Struct, frozen=True):
    """A row as it would be on a line; or why it would not."""

    row: Number
    who: str
    at: Moment | None
    name: str
    kind: str
    journey: str
    field: str
    why: str


class ImportPreview(msgspec.Struct, frozen=True):
    columns: Annotated[list[str], Meta(description="All there are in the first rows.")]
    meaning: ImportColumns
    looked: Annotated[int, Meta(description="So many of the first rows were tried;")]
    good: Annotated[int, Meta(description="so many of them can be taken.")]
    wrong: Annotated[str, Meta(description="Why none was tried.")]
    trials: Annotated[list[ImportTrial], Meta(description="Some of them, and first of all those refused.")]


class ImportRefusal(msgspec.Struct, frozen=True):
    """A row that is on no line."""

    row: Number
    field: str
    why: str


class ImportRefusals(msgspec.Struct, frozen=True):
    items: list[ImportRefusal]
    next: Next
