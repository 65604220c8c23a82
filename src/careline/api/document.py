"""The OpenAPI document: operations from the doors, shapes from the structs that are sent and read."""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec

from careline.api import shapes
from careline.api.describing import PARAMETERS, REF, WHEN
from careline.api.problems import TYPE
from careline.api.resources import mounted

PREFIX = "/api/v1/"


@cache
def document() -> dict[str, Any]:
    found: dict[str, Any] = dict(mounted().get_openapi_schema(path_prefix=PREFIX))
    _schemas, components = msgspec.json.schema_components(
        [getattr(shapes, name) for name in shapes.__all__], ref_template=REF
    )
    problem = {TYPE: {"schema": {"$ref": REF.format(name="Problem")}}}
    found["info"] = {
        "title": "Careline",
        "version": "1",
        "description": "Conversations, customers and everything that happened to them. Ids are strings, lists are"
        " paged, refusals are problems (RFC 9457).",
    }
    found["components"] = {
        "schemas": components,
        "responses": {name: {"description": words, "content": problem} for name, words in WHEN.values()},
        "parameters": {name: {"name": name, "required": False, **said} for name, said in PARAMETERS.items()},
        "securitySchemes": {"Bearer": {"type": "http", "scheme": "bearer"}},
    }
    return found


@cache
def encoded() -> bytes:
    return msgspec.json.encode(document())
