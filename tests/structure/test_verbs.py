"""A template sends to an address only what the door behind it takes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.urls import URLResolver, get_resolver

TEMPLATES = Path(__file__).parents[2] / "src" / "careline" / "web" / "templates"
ATTRIBUTE = re.compile(r"\bhx-(get|post|put|patch|delete)=(\"|')(.*?)\2", re.DOTALL)
FORM = re.compile(r"<form\b(?:[^<>]|\{\{.*?\}\}|\{%.*?%\})*>", re.DOTALL)
ANYTHING = "*"


def sent() -> Iterator[tuple[str, str, str]]:
    """Template, method, address; what is filled in later stands as a star."""
    for path in sorted(TEMPLATES.rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        name = path.relative_to(TEMPLATES).as_posix()
        for verb, _quote, address in ATTRIBUTE.findall(text):
            yield name, verb.upper(), plain(address)
        for form in FORM.findall(text):
            method = re.search(r"\bmethod=[\"'](\w+)", form)
            address = re.search(r"\baction=\"([^\"]*)\"", form)
            if method and address:
                yield name, method[1].upper(), plain(address[1])


def plain(address: str) -> str:
    return re.sub(r"\{\{.*?\}\}|\{%.*?%\}", ANYTHING, address).split("?")[0].split("#")[0]


def routes() -> Iterator[tuple[list[str], set[str]]]:
    def walk(resolver: URLResolver, before: str) -> Iterator[tuple[list[str], set[str]]]:
        for one in resolver.url_patterns:
            route = before + str(one.pattern)
            if isinstance(one, URLResolver):
                yield from walk(one, route)
            else:
                yield re.sub(r"<[^>]+>", ANYTHING, route).strip("/").split("/"), taken(one.callback)

    yield from walk(get_resolver(), "")


def taken(door: Callable[..., object]) -> set[str]:
    """The methods named by `require_http_methods` somewhere around a door; all of them when nothing is named."""
    found: set[str] = set()
    seen: set[int] = set()
    around = [door]
    while around:
        layer = around.pop()
        if id(layer) in seen:
            continue
        seen.add(id(layer))
        for cell in getattr(layer, "__closure__", None) or ():
            value = cell.cell_contents
            if callable(value):
                around.append(value)
            elif isinstance(value, list | tuple) and value and all(isinstance(v, str) and v.isupper() for v in value):
                found |= set(value)
    return found or {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}


def fits(address: str, route: list[str]) -> bool:
    """What is filled in at the front may be any length; everything after it is compared part by part."""
    parts = address.strip("/").split("/")
    if parts[0] == ANYTHING and not address.startswith("/"):
        parts = parts[1:]
        route = route[len(route) - len(parts) :] if len(route) > len(parts) else []
    return len(parts) == len(route) and all(
        ANYTHING in (part, piece) or part == piece for part, piece in zip(parts, route, strict=True)
    )


SENT = [one for one in sent() if one[2] not in {"", ANYTHING}]


@pytest.mark.parametrize(("template", "method", "address"), SENT)
def test_the_door_takes_what_the_template_sends(template: str, method: str, address: str):
    doors = [methods for route, methods in routes() if fits(address, route)]
    assert doors, f"{template}: no door stands at {address}"
    assert any(method in methods for methods in doors), f"{template}: {address} takes {sorted(set.union(*doors))}"


def test_something_is_sent_at_all():
    assert SENT
