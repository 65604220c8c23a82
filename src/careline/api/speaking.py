"""What might be answered to a conversation, replies that are kept, and how the house speaks."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router

from careline.accounts import queries as accounts
from careline.api import paging, reading, shapes
from careline.api.describing import operation
from careline.api.door import Request, asked, told
from careline.kit.money import Money
from careline.kit.refusals import NotVisible
from careline.service.assist import drafting, saving, voice
from careline.service.assist.suggesting import suggest

router = Router(tags=["Answering"])


@router.get(
    "/conversations/{conversation_id}/suggestions",
    **operation(
        "suggest_replies", "What might be answered to the customer's last words", gives=shapes.ReplySuggestions,
        problems=(404,),
    ),
)  # fmt: skip
def suggestions(request: Request, conversation_id: str) -> HttpResponse:
    found = suggest(request.auth, reading.number(conversation_id))
    items = [
        shapes.ReplySuggestion(
            one.source, str(one.item), one.claim, one.words, one.url, one.score, one.times, one.last_at
        )
        for one in found.items
    ]  # fmt: skip
    return told(shapes.ReplySuggestions(found.seq, found.language, "meaning" if found.understood else "letters", items))


@router.post(
    "/conversations/{conversation_id}/draft-checks",
    **operation(
        "check_draft", "What in a draft is not the house's voice; nothing is kept", takes=shapes.Draft,
        gives=shapes.DraftMarks, problems=(404,),
    ),
)  # fmt: skip
def check(request: Request, conversation_id: str) -> HttpResponse:
    wanted = asked(request, shapes.Draft)
    found = voice.draft_marks(reading.number(conversation_id), wanted.body, actor=request.auth)
    return told(
        shapes.DraftMarks([shapes.DraftMark(one.start, one.end, one.kind, one.words, one.instead) for one in found])
    )


@router.get(
    "/conversations/{conversation_id}/summary",
    **operation("sum_up", "A conversation in a few of its own sentences", gives=shapes.Summary, problems=(404,)),
)
def summary(request: Request, conversation_id: str) -> HttpResponse:
    found = drafting.summed(reading.number(conversation_id), actor=request.auth)
    return told(shapes.Summary(found.seq, list(found.sentences)))


@router.post(
    "/conversations/{conversation_id}/drafts",
    **operation(
        "word_reply", "Ask the language model for a draft or other words; nothing is kept or sent",
        takes=shapes.Wording, gives=shapes.Worded, problems=(404,),
    ),
)  # fmt: skip
def word(request: Request, conversation_id: str) -> HttpResponse:
    wanted, number, actor = asked(request, shapes.Wording), reading.number(conversation_id), request.auth
    if wanted.how == "draft":
        return _worded(drafting.draft(number, actor=actor))
    if wanted.how == "translate":
        into = wanted.language or drafting.customers_language(number, actor=actor)
        return _worded(drafting.translate(number, wanted.body, into, actor=actor))
    return _worded(drafting.reword(number, wanted.body, wanted.how, actor=actor))


@router.post(
    "/conversations/{conversation_id}/messages/{message_id}/translations",
    **operation(
        "translate_message", "Ask the language model for a message in another language; nothing is kept",
        takes=shapes.Translating, gives=shapes.Worded, problems=(404,),
    ),
)  # fmt: skip
def translate(request: Request, conversation_id: str, message_id: str) -> HttpResponse:
    wanted, number = asked(request, shapes.Translating), reading.number(conversation_id)
    return _worded(drafting.translate_message(number, _uuid(message_id), wanted.language, actor=request.auth))


@router.get(
    "/saved-replies",
    **operation("list_saved_replies", "List the saved replies", gives=shapes.SavedReplies, paged=True, problems=(422,)),
)
def index(request: Request) -> HttpResponse:
    rows, following = paging.of_places("s", request, saving.every(request.auth), lambda one: (f"{one.pk:019}", one.pk))
    return told(shapes.SavedReplies([_drawn(one) for one in rows], following))


@router.post(
    "/saved-replies",
    **operation(
        "make_saved_reply", "Save a reply", takes=shapes.SavedReplyWriting, gives=shapes.SavedReply, status=201,
        problems=(409,),
    ),
)  # fmt: skip
def make(request: Request) -> HttpResponse:
    return told(_drawn(_kept(request, None)), 201)


@router.put(
    "/saved-replies/{reply_id}",
    **operation(
        "keep_saved_reply", "Write a saved reply anew", takes=shapes.SavedReplyWriting, gives=shapes.SavedReply,
        problems=(404, 409),
    ),
)  # fmt: skip
def keep(request: Request, reply_id: str) -> HttpResponse:
    return told(_drawn(_kept(request, reading.number(reply_id))))


@router.delete(
    "/saved-replies/{reply_id}",
    **operation("drop_saved_reply", "Take a saved reply away", gives=shapes.SavedReply, write=True, problems=(404,)),
)
def drop(request: Request, reply_id: str) -> HttpResponse:
    last = _drawn(saving.one(request.auth, reading.number(reply_id)))
    saving.drop(reading.number(reply_id), actor=request.auth)
    return told(last)


@router.get("/voice", **operation("get_voice", "How the house speaks", gives=shapes.Voice))
def read(request: Request) -> HttpResponse:
    return told(_voice(voice.voice(request.auth)))


@router.put("/voice", **operation("keep_voice", "Say how the house speaks", takes=shapes.Voice, gives=shapes.Voice))
def speak(request: Request) -> HttpResponse:
    wanted = asked(request, shapes.Voice)
    words = tuple((one.word, one.instead) for one in wanted.words)
    terms = voice.Terms(
        manner=wanted.manner, words=words, guarantees=wanted.guarantees, dates=wanted.dates, money=wanted.money,
        most=Money(wanted.most_minor, _currency()).amount, blame=wanted.blame, shouting=wanted.shouting,
    )  # fmt: skip
    return told(_voice(voice.keep(terms, actor=request.auth)))


def _kept(request: Request, reply_id: int | None) -> Any:
    wanted = asked(request, shapes.SavedReplyWriting)
    inboxes = [reading.number(one) for one in wanted.inbox_ids]
    return saving.keep(
        wanted.name, wanted.body, language=wanted.language, inbox_ids=inboxes, actor=request.auth, saved_id=reply_id
    )


def _uuid(given: str) -> UUID:
    try:
        return UUID(given)
    except ValueError:
        raise NotVisible(_("There is no such message.")) from None


def _worded(found: drafting.Worded) -> HttpResponse:
    return told(shapes.Worded(found.verdict, found.words, list(found.sources)))


def _currency() -> str:
    return accounts.organization().currency


def _drawn(one: Any) -> shapes.SavedReply:
    return shapes.SavedReply(
        str(one.pk), one.name, one.body, one.language, [str(inbox) for inbox in one.inbox_ids], one.changed_at
    )


def _voice(terms: voice.Terms) -> shapes.Voice:
    return shapes.Voice(
        manner=terms.manner, words=[shapes.VoiceWord(word, instead) for word, instead in terms.words],
        guarantees=terms.guarantees, dates=terms.dates, money=terms.money,
        most_minor=Money.written(str(terms.most), _currency()).minor, blame=terms.blame,
        shouting=terms.shouting,
    )  # fmt: skip
