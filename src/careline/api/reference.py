"""The OpenAPI document as a page reads it: groups of operations, and what each field of a shape is."""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec

from careline.api.document import document


class Field(msgspec.Struct, frozen=True):
    name: str
    kind: str
    required: bool
    words: str
    shape: str  # the shape it is made of, if it is one


class Shape(msgspec.Struct, frozen=True):
    name: str
    words: str
    fields: list[Field]


class Operation(msgspec.Struct, frozen=True):
    name: str
    method: str
    path: str
    summary: str
    parameters: list[Field]
    takes: str
    takes_fields: list[Field]
    status: str
    gives: str  # the shape, or nothing where the answer is no JSON
    media: list[str]
    problems: list[str]


class Group(msgspec.Struct, frozen=True):
    name: str
    operations: list[Operation]


class Reference(msgspec.Struct, frozen=True):
    groups: list[Group]
    shapes: list[Shape]


@cache
def reference() -> Reference:
    groups: dict[str, list[Operation]] = {}
    for path, methods in document()["paths"].items():
        for method, said in methods.items():
            groups.setdefault(said["tags"][0], []).append(_operation(path, method.upper(), said))
    shapes = [
        Shape(name, said.get("description", ""), _fields(said))
        for name, said in sorted(document()["components"]["schemas"].items())
    ]
    return Reference([Group(name, found) for name, found in groups.items()], shapes)


def _operation(path: str, method: str, said: dict[str, Any]) -> Operation:
    contents: list[dict[str, Any]] = list(said.get("requestBody", {}).get("content", {}).values())
    body: dict[str, Any] = contents[0]["schema"] if contents else {}
    status, answer = next((code, answer) for code, answer in said["responses"].items() if "content" in answer)
    told: dict[str, dict[str, Any]] = answer["content"]
    return Operation(
        name=said["operationId"],
        method=method,
        path=path,
        summary=said["summary"],
        parameters=[_parameter(_found(one)) for one in said["parameters"]],
        takes=_name(body),
        takes_fields=_fields(_found(body)),
        status=str(status),
        gives=_name(told.get("application/json", {}).get("schema", {})),
        media=list(told),
        problems=[str(code) for code, answer in said["responses"].items() if "$ref" in answer],
    )


def _found(said: dict[str, Any]) -> dict[str, Any]:
    """What a reference stands for."""
    found: Any = document()
    for part in said.get("$ref", "").split("/")[1:]:
        found = found[part]
    return found if "$ref" in said else said


def _name(said: dict[str, Any]) -> str:
    return str(said.get("$ref", "")).rpartition("/")[2]


def _parameter(said: dict[str, Any]) -> Field:
    kind, _shape = _kind(said["schema"])
    return Field(said["name"], kind, bool(said.get("required")), said.get("description", ""), "")


def _fields(said: dict[str, Any]) -> list[Field]:
    required = said.get("required", [])
    fields = []
    for name, one in said.get("properties", {}).items():
        kind, shape = _kind(one)
        fields.append(Field(name, kind, name in required, _words(one), shape))
    return fields


def _words(said: dict[str, Any]) -> str:
    """Its own description, or the one inside “this or null”."""
    words = said.get("description") or next((w for one in said.get("anyOf", []) if (w := _words(one))), "")
    return str(words)


def _kind(said: dict[str, Any]) -> tuple[str, str]:
    """In words a reader of JSON knows, and the shape within."""
    if "$ref" in said:
        return _name(said), _name(said)
    if "enum" in said:
        return " | ".join(str(one) or '""' for one in said["enum"]), ""
    if "anyOf" in said:
        kinds = [_kind(one) for one in said["anyOf"]]
        return " | ".join(dict.fromkeys(kind for kind, _shape in kinds)), next((s for _k, s in kinds if s), "")
    kind = str(said.get("type", "any"))
    if "prefixItems" in said:
        return "[" + ", ".join(_kind(one)[0] for one in said["prefixItems"]) + "]", ""
    if kind == "array":
        inner, shape = _kind(said.get("items", {}))
        return f"list of {inner}", shape
    if said.get("format"):
        return f"{kind} ({said['format']})", ""
    return kind, ""
