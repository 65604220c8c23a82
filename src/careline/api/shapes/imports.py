"""Files of touchpoints on their way to the line, and of columns on their way to profiles."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from careline.api.shapes.conversations import Moment
from careline.api.shapes.pages import Next

Number = Annotated[int, Meta(description="Of the line it begins in; of the event in XES, of the row in Parquet.")]


class ImportInto(msgspec.Struct, frozen=True, kw_only=True):
    """A column of profiles, and the attribute it becomes."""

    column: str
    attribute: Annotated[str, Meta(description="By its name; one that is not there yet is made.")]
    type: Annotated[
        Literal["", "text", "number", "date", "boolean", "choice"],
        Meta(description="Of one that is to be made; said of another it must be that of the attribute."),
    ] = ""
    label: Annotated[str, Meta(description="Of one that is to be made; left out, it is called as its column.")] = ""


class ImportColumns(msgspec.Struct, frozen=True, kw_only=True):
    """Names of columns, and what holds for every row; an empty name is none."""

    form: Annotated[
        Literal["columns", "events", "profiles"],
        Meta(
            description="Rows whose columns say what happened; events as Segment's clients write them, which say it "
            "all; or rows of customers, whose columns become attributes."
        ),
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
    attributes: Annotated[list[ImportInto], Meta(description="Of profiles: what columns become.")] = []
    left_out: Annotated[list[str], Meta(description="Of profiles: the other columns, as they are told back.")] = []
    new_customers: Annotated[bool, Meta(description="Of profiles: whom nobody knows becomes a customer.")] = False
    clear_empty: Annotated[bool, Meta(description="Of profiles: an empty cell takes the value away.")] = False


class ImportStarting(msgspec.Struct, frozen=True):
    columns: Annotated[ImportColumns | None, Meta(description="Left out, they are guessed by their names.")] = None
    source_id: Annotated[
        str | None, Meta(description="Whose events they are: what that source sent already does not land again.")
    ] = None


class Import(msgspec.Struct, frozen=True):
    """A file, how far it is, and what became of its rows."""

    id: str
    name: str
    format: Annotated[
        Literal["csv", "jsonl", "xes", "parquet", "answers"],
        Meta(description="Answers are CSV with one to three heads."),
    ]
    state: Annotated[
        Literal["ready", "waiting", "running", "done", "stopped", "failed"],
        Meta(description="Ready is looked at and not started; stopped and failed may go on while the file is kept."),
    ]
    size: int
    percent: Annotated[int, Meta(description="How much of the file is behind it.")]
    read: int
    added: Annotated[int, Meta(description="Rows put on the line; of profiles rows that changed something.")]
    repeated: Annotated[int, Meta(description="Was on the line already; of profiles rows that changed nothing.")]
    refused: int
    superseded: Annotated[int, Meta(description="Of profiles: rows whose customer a later row names, which holds.")]
    made: Annotated[int, Meta(description="Of profiles: how many of the added are new customers.")]
    error: Annotated[str, Meta(description="Why it failed.")]
    has_file: bool
    source_id: str | None
    columns: Annotated[ImportColumns | None, Meta(description="Null while it is not started, and of answers.")]
    created_at: Moment
    started_at: Moment | None
    ended_at: Moment | None


class Imports(msgspec.Struct, frozen=True):
    items: list[Import]
    next: Next


class ImportChange(msgspec.Struct, frozen=True):
    attribute: str
    before: Any
    after: Any


class ImportTrial(msgspec.Struct, frozen=True):
    """A row as it would be on a line or a profile; or why it would not."""

    row: Number
    who: str
    at: Moment | None
    name: str
    kind: str
    journey: str
    became: Annotated[
        Literal["", "changed", "same", "new", "earlier"],
        Meta(description="Of profiles: new is a customer nobody knew, earlier a row whose customer a later one names."),
    ]
    changes: Annotated[list[ImportChange], Meta(description="Of profiles: what would be another.")]
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
