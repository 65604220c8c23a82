"""What may be answered without a hand: earned, switched, and looked at afterwards."""

from __future__ import annotations

from django.http import HttpResponse
from ninja import Router

from careline.api import cursors, paging, reading, shapes
from careline.api.describing import operation
from careline.api.door import Request, asked, query, told
from careline.service.assist import earning

router = Router(tags=["Answering"])


@router.get(
    "/earned-intents",
    **operation(
        "list_earned_intents", "What each intent has earned", gives=shapes.EarnedIntents, paged=True, problems=(422,)
    ),
)
def index(request: Request) -> HttpResponse:
    rows, following = paging.of_places(
        "e", request, enumerate(earning.standings(request.auth)), lambda one: (one[1].code, one[0])
    )
    return told(shapes.EarnedIntents([_drawn(one) for _place, one in rows], following))


@router.put(
    "/earned-intents/{code}",
    **operation(
        "switch_earned_intent", "Let the first suggestion go by itself, or no longer",
        takes=shapes.EarnedIntentSwitching, gives=shapes.EarnedIntent, problems=(404, 409),
    ),
)  # fmt: skip
def switch(request: Request, code: str) -> HttpResponse:
    wanted = asked(request, shapes.EarnedIntentSwitching)
    return told(_drawn(earning.switch(code, on=wanted.on, actor=request.auth)))


@router.get("/earning", **operation("get_earning", "What it takes to go by itself", gives=shapes.EarningBounds))
def read(request: Request) -> HttpResponse:
    request.auth.must(earning.NEEDS)
    return told(_bounds(earning.bounds()))


@router.put(
    "/earning",
    **operation("keep_earning", "Say what it takes", takes=shapes.EarningBounds, gives=shapes.EarningBounds),
)
def keep(request: Request) -> HttpResponse:
    wanted = asked(request, shapes.EarningBounds)
    return told(_bounds(earning.keep(earning.Bounds(wanted.least, wanted.every), actor=request.auth)))


@router.get(
    "/own-answers",
    **operation(
        "list_own_answers", "Answers that went by themselves or were held, the newest first", gives=shapes.OwnAnswers,
        paged=True, problems=(422,),
    ),
)  # fmt: skip
def answers(request: Request) -> HttpResponse:
    limit, cursor = reading.page(query(request))
    before = cursors.number("o", cursor) if cursor else None
    rows = earning.samples(request.auth, before=before, limit=limit + 1)
    following = cursors.of_number("o", rows[limit - 1].id) if len(rows) > limit else None
    return told(shapes.OwnAnswers([_answer(one) for one in rows[:limit]], following))


@router.put(
    "/own-answers/{answer_id}/verdict",
    **operation(
        "review_own_answer", "Say whether it was right", takes=shapes.OwnAnswerReviewing, gives=shapes.OwnAnswer,
        problems=(404,),
    ),
)  # fmt: skip
def review(request: Request, answer_id: str) -> HttpResponse:
    wanted, number = asked(request, shapes.OwnAnswerReviewing), reading.number(answer_id)
    earning.review(number, right=wanted.right, actor=request.auth)
    return told(_answer(earning.sample(request.auth, number)))


def _drawn(one: earning.Standing) -> shapes.EarnedIntent:
    return shapes.EarnedIntent(
        one.code, one.name, one.taken, one.of, one.least, one.state, one.sent, one.held, one.unread, one.stopped_at
    )


def _bounds(one: earning.Bounds) -> shapes.EarningBounds:
    return shapes.EarningBounds(one.least, one.every)


def _answer(one: earning.Shown) -> shapes.OwnAnswer:
    return shapes.OwnAnswer(
        str(one.id), str(one.conversation_id), one.intent, one.source, str(one.item), one.taken, one.of, one.held,
        one.words, one.verdict, one.at,
    )  # fmt: skip
