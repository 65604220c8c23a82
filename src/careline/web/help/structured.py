"""What search engines read of a page, in their own words (schema.org, JSON-LD)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from markupsafe import Markup

from careline.service.knowledge import hot
from careline.web.marks import trusted


def written(*things: dict[str, Any]) -> Markup:
    """As it stands in a page: nothing in it can end the element it is in."""
    graph = msgspec.json.encode({"@context": "https://schema.org", "@graph": list(things)}).decode()
    return trusted(graph.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def trail(base: str, steps: Sequence[tuple[str, str]]) -> dict[str, Any]:
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": base + path}
            for place, (name, path) in enumerate(steps, 1)
        ],
    }


def article(base: str, path: str, house: str, shown: hot.Shown) -> dict[str, Any]:
    return {
        "@type": "Article", "headline": shown.title, "description": shown.excerpt, "inLanguage": shown.language,
        "dateModified": shown.published_at.isoformat(), "mainEntityOfPage": base + path, "isAccessibleForFree": True,
        "publisher": {"@type": "Organization", "name": house},
    }  # fmt: skip


def site(base: str, path: str, name: str, language: str) -> dict[str, Any]:
    return {
        "@type": "WebSite", "name": name, "url": base + path, "inLanguage": language,
        "potentialAction": {
            "@type": "SearchAction", "target": f"{base}{path}/search?q={{q}}", "query-input": "required name=q",
        },
    }  # fmt: skip
