"""What a bot asks outside of this installation: a program a flow calls, a language model, another bot.

Each is asked once the transaction that wanted it is committed, by a job under the number of its asking; what comes
late, twice or not at all finds that number gone, or is given up, and a person is called. Nothing that comes is obeyed:
it fills the values a flow names, words an answer that cites its articles, or says and offers words.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import msgspec
from django.db import transaction

from careline.customers.models import Identity
from careline.intelligence import port
from careline.kit import clock, http, signing
from careline.service.bots import articles, flowing, handing, holding, judging
from careline.service.bots.answering import OUTSIDE, SECRET
from careline.service.bots.core.shapes import Call, Value
from careline.service.bots.core.state import Answered
from careline.service.bots.models import Answering, Judged, Run, Secret
from careline.service.bots.talking import Talk
from careline.service.conversations import actions as talks
from careline.service.conversations.models import Message

TURN = "turn"
# Of a language model's words that are not the house's voice: the article's own are said.
OTHER_VOICE = "voice"
PATIENCE, WORDING = 10.0, 8.0
LARGEST, LONGEST, SHOWN = 64 * 1024, 2_000, 20


class Turn(msgspec.Struct, frozen=True):
    """What another bot answers: what to say, what can be said next, and whether a person or an end is wanted."""

    say: list[str] = []
    choose: list[str] = []
    hand_over: bool = False
    end: bool = False


def ask(talk: Talk) -> None:
    """The turn of another bot."""
    talk.ask_outside(TURN)


def carry_out(run_id: int, asked: int) -> int | None:
    """Ask what is wanted and go on by what came; nothing is held meanwhile. The conversation, where it was asked."""
    with transaction.atomic():
        run = Run.objects.select_for_update().filter(pk=run_id, asked=asked, ended_at=None).exclude(asks="").first()
        if run is None:
            return None
        again, run.sent = run.sent == asked, asked
        run.save(update_fields=["sent"])
    done = {flowing.CALL: _called, judging.WORD: _worded, TURN: _turned}[run.asks](run, again)
    _go_on(run, asked, done)
    return run.conversation_id


def give_up(run_id: int, asked: int) -> int | None:
    """It took too long, or whoever asked was killed."""
    run = Run.objects.filter(pk=run_id, asked=asked, ended_at=None).first()
    if run is None:
        return None
    _go_on(run, asked, None)
    return run.conversation_id


def _go_on(run: Run, asked: int, done: Any) -> None:
    with transaction.atomic():
        talk = holding.taken(run.conversation_id)
        if talk is None or talk.run.pk != run.pk or talk.run.asked != asked or not talk.run.asks:
            return
        asks, talk.run.asks = talk.run.asks, ""
        if asks == flowing.CALL:
            flowing.move(talk, Answered(failed=True) if done is None else Answered(values=done))
        elif asks == judging.WORD:
            _say_worded(talk, done)
        else:
            _say_turned(talk, done)
        talk.run.save()


# ── a program a flow calls ──
def _called(run: Run, again: bool) -> dict[str, Value] | None:
    """What the step takes of the answer; None where it failed, or may have been done before and cannot be undone."""
    if run.version_id is None:
        return None
    state = flowing.state_of(run)
    node = flowing.flow_of(run.version_id).steps.get(state.at)
    if not isinstance(node, Call) or state.awaits != "answer" or (again and node.irreversible):
        return None
    headers = {"Content-Type": "application/json", "Idempotency-Key": f"careline-run-{run.pk}-{run.asked}"}
    if node.secret is not None:
        secret = Secret.objects.filter(name=node.secret).first()
        if secret is None or urlsplit(node.url).netloc.casefold() != secret.host:
            return None
        headers["Authorization"] = f"Bearer {signing.unseal(bytes(secret.sealed), SECRET).decode()}"
    body = {name: state.values[name] for name in node.sends if name in state.values}
    answer = _posted(node.method, node.url, body, headers)
    if answer is None:
        return None
    found = {name: _at(answer, path) for name, path in node.takes.items()}
    return {name: value for name, value in found.items() if value is not None}


def _at(answer: Any, path: str) -> Value | None:
    """`status`, or `order.status`; only a plain value is taken."""
    for part in path.split("."):
        answer = answer.get(part) if isinstance(answer, dict) else None
    if isinstance(answer, str):
        return answer[:LONGEST].replace("\0", "")
    if isinstance(answer, bool) or (isinstance(answer, int) and abs(answer) <= 2**53):
        return answer
    return answer if isinstance(answer, float) and abs(answer) <= 1e15 else None


def _posted(method: str, url: str, body: Any, headers: dict[str, str]) -> Any:
    """The JSON it answered; None where it was slow, down, too large or no JSON."""
    sent = {"params": body} if method == "GET" else {"content": msgspec.json.encode(body)}
    began = clock.now()
    try:
        with http.client(timeout=PATIENCE) as client, client.stream(method, url, headers=headers, **sent) as answer:
            if not 200 <= answer.status_code < 300:
                return None
            raw = b""
            for piece in answer.iter_bytes():
                raw += piece
                if len(raw) > LARGEST or (clock.now() - began).total_seconds() > PATIENCE:
                    return None
        return msgspec.json.decode(raw) if raw.strip() else {}
    except (*http.FAILED, msgspec.DecodeError, UnicodeError):
        return None


# ── a language model ──
class _Worded(msgspec.Struct, frozen=True):
    verdict: str
    found: articles.Found | None
    words: str | None = None


def _worded(run: Run, _again: bool) -> _Worded:
    message = _heard(run)
    found = None if message is None else articles.answer(None, message.body, run.language)
    if message is None or found is None:
        return _Worded("", None)
    passages = [port.Passage(*one) for one in found.passages]
    known = Identity.objects.filter(person=run.conversation.person).values_list("original", flat=True)
    names = [run.conversation.person.name] if run.conversation.person.name else []
    said = port.answer("bot", message.body, passages, known=[*known, *names], patience=WORDING)
    if said.value is None:
        return _Worded(said.verdict, found)
    if not port.suits(said.value):
        return _Worded(OTHER_VOICE, found)
    cited = [one for one in found.sources if one.url in said.citations]
    return _Worded(said.verdict, msgspec.structs.replace(found, sources=cited or found.sources), said.value)


def _say_worded(talk: Talk, done: _Worded | None) -> None:
    """Its words where they hold; the article's own where it did not answer; a person where it says it cannot."""
    message = _heard(talk.run)
    if message is not None and done is not None:
        Judged.objects.filter(message_id=message.pk).update(verdict=done.verdict)
    found = done.found if done is not None else None
    if done is None and message is not None:
        found = articles.answer(None, message.body, talk.run.language)
    if found is None or (done is not None and done.verdict in (port.Verdict.UNSURE, port.Verdict.UNGROUNDED)):
        if message is not None:
            Judged.objects.filter(message_id=message.pk).update(band=Judged.Band.REFUSE)
        handing.hand(talk, "unknown")
    elif done is not None and done.words:
        judging.tell(talk, done.words, found)
    else:
        judging.extracted(talk, found)


def _heard(run: Run) -> Message | None:
    return Message.objects.filter(conversation_id=run.conversation_id, seq=run.heard_seq).first()


# ── another bot ──
def _turned(run: Run, _again: bool) -> Turn | None:
    answering = Answering.objects.filter(inbox_id=run.conversation.inbox_id).first()
    if answering is None or not answering.url or answering.secret is None:
        return None
    lines = Message.objects.filter(conversation_id=run.conversation_id, kind__in=["incoming", "reply"])
    shown = [
        {"by": "customer" if one.kind == "incoming" else one.author_kind, "text": one.body[:LONGEST]}
        for one in lines.order_by("-seq")[:SHOWN]
    ][::-1]
    message = _heard(run)
    body = msgspec.json.encode({
        "type": "turn", "run": str(run.pk), "turn": run.asked, "language": run.language,
        "conversation": {"id": str(run.conversation_id), "channel": run.conversation.channel},
        "customer": {"id": str(run.conversation.person_id)},
        "message": {"id": str(message.pk), "text": message.body[:LONGEST]} if message else None, "said": shown,
    })  # fmt: skip
    stamp, name = int(clock.now().timestamp()), f"turn_{run.pk}_{run.asked}"
    secret = signing.unseal(bytes(answering.secret), OUTSIDE).decode()
    headers = {
        "Content-Type": "application/json", "webhook-id": name, "webhook-timestamp": str(stamp),
        "webhook-signature": signing.standard_webhooks_sign(secret, name, stamp, body),
    }  # fmt: skip
    found = _posted("POST", answering.url, msgspec.Raw(body), headers)
    return read(found)


def read(found: Any) -> Turn | None:
    """None where it is no turn: wrong shapes, too much, or nothing at all."""
    if not isinstance(found, dict):
        return None
    said = found.get("say", [])
    try:
        turn = msgspec.convert({**found, "say": [said] if isinstance(said, str) else said}, Turn)
    except (msgspec.ValidationError, TypeError):
        return None
    words = [*turn.say, *turn.choose]
    fits = len(turn.say) <= 5 and len(turn.choose) <= 12 and all(one.strip() and "\0" not in one for one in words)
    fits = fits and all(len(one) <= LONGEST for one in turn.say) and all(len(one) <= 100 for one in turn.choose)
    return turn if fits and (words or turn.hand_over or turn.end) else None


def _say_turned(talk: Talk, turn: Turn | None) -> None:
    if turn is None:
        handing.hand(talk, "outside")
        return
    for number, words in enumerate(turn.say, 1):
        talk.say(words, turn.choose if number == len(turn.say) else ())
    if turn.hand_over:
        handing.hand(talk, "step")
    elif turn.end:
        talk.conversation = talks.resolve(talk.conversation.pk, actor=talk.actor)
        talk.end(Run.Outcome.FINISHED)
