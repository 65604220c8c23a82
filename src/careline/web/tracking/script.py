"""The script a site puts into its pages: one address for ever, so it is kept for an hour only."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_response_headers
from django.views.decorators.http import require_safe

from careline.web import assets

HOUR = 3600
PARTS = ("careline.js", "careline-clicks.js")


@require_safe
def script(request: HttpRequest) -> HttpResponse:
    answer = HttpResponse(_whole(), content_type="text/javascript; charset=utf-8")
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    patch_response_headers(answer, HOUR)
    answer["Cache-Control"] = f"public, max-age={HOUR}"
    return answer


@cache
def _whole() -> bytes:
    return b"\n".join(Path(assets.FOLDER / "js" / name).read_bytes() for name in PARTS)
