"""What an operation says of itself, for the OpenAPI document: its shapes, parameters and problems."""

from __future__ import annotations

from typing import Any

import msgspec

from careline.api.reading import LONGEST_PAGE, PAGE

REF = "#/components/schemas/{name}"
WHEN = {
    401: ("NotKnown", "No token, or one that is not valid."),
    403: ("NotAllowed", "The role of the token's agent does not allow this."),
    404: ("NotVisible", "It is not there, or not for this token."),
    405: ("WrongMethod", "The resource does not take this method; Allow names those it takes."),
    409: (
        "Conflict",
        "The resource is in a state that does not take this, or the Idempotency-Key is in use right now.",
    ),
    411: ("NoLength", "The length of the body was not said."),
    413: ("TooLarge", "The request is larger than is accepted."),
    415: ("WrongType", "The body is of another media type."),
    422: ("Refused", "Something in the request cannot be accepted; the detail says what."),
    500: ("Fault", "Something went wrong on our side."),
    503: ("Away", "The database did not answer; Retry-After says when to try again."),
    507: ("Full", "There is no room left to store this."),
}
PARAMETERS: dict[str, dict[str, Any]] = {
    "limit": {
        "in": "query",
        "description": "How many items at most.",
        "schema": {"type": "integer", "minimum": 1, "maximum": LONGEST_PAGE, "default": PAGE},
    },
    "cursor": {
        "in": "query",
        "description": "What the page before called next.",
        "schema": {"type": "string"},
    },
    "Idempotency-Key": {
        "in": "header",
        "description": "Yours, at most 255 characters: for a day, the same key and request get the same answer.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    },
}
_PAGED = ("limit", "cursor")


def operation(
    name: str,
    summary: str,
    *,
    gives: type[msgspec.Struct] | str,
    takes: type[msgspec.Struct] | dict[str, Any] | None = None,
    status: int = 200,
    repeated: int | None = None,
    paged: bool = False,
    query: dict[str, dict[str, Any]] | None = None,
    problems: tuple[int, ...] = (),
    write: bool = False,
) -> dict[str, Any]:
    """What a door says of itself to the router; `write` for verbs without a body, `repeated` for what was there."""
    answers = (status,) if repeated is None else (status, repeated)
    write = write or takes is not None
    general = {401, 403, 500, 503} | ({409, 411, 413, 422, 507} if write else set()) | ({415} if takes else set())
    extra: dict[str, Any] = {
        "responses": {code: {"content": _content(gives)} for code in answers}
        | {code: {"$ref": f"#/components/responses/{WHEN[code][0]}"} for code in sorted(general | set(problems))},
        "parameters": [{"$ref": f"#/components/parameters/{known}"} for known in (_PAGED if paged else ())]
        + [{"name": named, "in": "query", **said} for named, said in (query or {}).items()]
        + ([{"$ref": "#/components/parameters/Idempotency-Key"}] if write else []),
    }
    if takes is not None:
        content = takes if isinstance(takes, dict) else {"application/json": {"schema": _ref(takes)}}
        extra["requestBody"] = {"required": True, "content": content}
    return {
        "operation_id": name,
        "summary": summary,
        "response": dict.fromkeys(answers),
        "openapi_extra": extra,
    }


def _content(gives: type[msgspec.Struct] | str) -> dict[str, Any]:
    """A shape as JSON, or text of one of some media types."""
    if isinstance(gives, str):
        return {media: {"schema": {"type": "string"}} for media in gives.split()}
    return {"application/json": {"schema": _ref(gives)}}


def _ref(shape: type[msgspec.Struct]) -> dict[str, str]:
    return {"$ref": REF.format(name=shape.__name__)}
