"""What language models were asked, as a list: figures and verdicts, no word that was said."""

from __future__ import annotations

from django.http import HttpResponse
from ninja import Router

from careline.api import cursors, reading, shapes
from careline.api.describing import operation
from careline.api.door import Request, query, told
from careline.intelligence import queries

router = Router(tags=["House"])


@router.get(
    "/language-model-calls",
    **operation(
        "list_language_model_calls", "What language models were asked, the newest first",
        gives=shapes.LanguageModelCalls, paged=True, problems=(422,),
    ),
)  # fmt: skip
def index(request: Request) -> HttpResponse:
    limit, cursor = reading.page(query(request))
    before = cursors.number("e", cursor) if cursor else None
    rows = queries.calls(request.auth, before=before, limit=limit + 1)
    following = cursors.of_number("e", rows[limit - 1].pk) if len(rows) > limit else None
    drawn = [
        shapes.LanguageModelCall(
            str(one.pk), one.at, one.purpose, one.model, one.verdict, [each["key"] for each in one.passages],
            one.citations, one.hidden, one.requests, one.tokens, one.took_ms,
        )
        for one in rows[:limit]
    ]  # fmt: skip
    return told(shapes.LanguageModelCalls(drawn, following))
