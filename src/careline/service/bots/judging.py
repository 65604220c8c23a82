"""What a bot makes of words it has not asked for: run a flow, ask back, answer from articles, or call a person."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from careline.intelligence import port
from careline.service.bots import articles, flowing, handing
from careline.service.bots.core import machine
from careline.service.bots.core.shapes import Flow
from careline.service.bots.core.state import Heard, Person, State
from careline.service.bots.models import Judged, Run, Version
from careline.service.bots.talking import PERSON, Talk
from careline.service.conversations import actions as talks
from careline.service.conversations.models import Message
from careline.service.intents import queries as intents
from careline.service.intents import wishes
from careline.service.intents.judging import Judgement
from careline.service.intents.models import Intent

WORD = "word"
_WHICH, _THIS = gettext_noop("Did you mean one of these?"), gettext_noop("Is it about this?")
_HELPED, _GLAD = gettext_noop("That helped"), gettext_noop("Glad to hear it.")
_FOUND = gettext_noop("I found this: %(extract)s")
# Beside codes of intents, what else is offered.
TO_PERSON, HELPED = "!person", "!helped"
OPTIONS, LIKELY = 2, 0.1
# An article this near is answered with where it might as well be something a flow is for.
FITS = 0.6
# After so many questions back that led nowhere nobody is asked again.
PATIENCE = 2


def hear(talk: Talk, message: Message) -> None:
    said = message.body
    if _chosen(talk, said):
        return
    talk.run.offered = []
    found = intents.judge_for(talk.run.language).judge(said)
    talk.judged = judged = _judged(talk, message, found)
    flows = runnable(talk)
    likely = [code for code, likeness in found.ranked if likeness >= LIKELY]
    if found.clear and likely[:1] and likely[0] in flows:
        judged.band = Judged.Band.RUN
        flowing.begin(talk, flows[likely[0]])
    else:
        near = likely if found.near and not found.clear and talk.run.misses < PATIENCE else []
        # What is known and yet close to another is asked about; a little below that only where nothing written fits.
        article = None if near and found.known else _article(talk, said)
        if near and article is not None and article.nearness < FITS:
            article = None
        if article is not None:
            _answer(talk, article)
        elif near:
            judged.band = Judged.Band.ASK
            _ask(talk, near[:OPTIONS])
        else:
            articles.missed(said, talk.run.language)
            handing.hand(talk, "unknown")
    judged.save()


def goes_over(talk: Talk, message: Message) -> bool:
    """Whoever is asked something by a flow and plainly says what another flow is for is taken to that one."""
    assert talk.run.version_id is not None
    flow = flowing.flow_of(talk.run.version_id)
    if not _misfits(flow, flowing.state_of(talk.run), message.body):
        return False
    found = intents.judge_for(talk.run.language).judge(message.body)
    likeliest = found.ranked[0][0] if found.ranked else ""
    version = None if not found.clear or likeliest in flow.intents else runnable(talk).get(likeliest)
    if version is None:
        return False
    talk.judged = judged = _judged(talk, message, found)
    judged.band = Judged.Band.RUN
    flowing.begin(talk, version)
    judged.save()
    return True


def _misfits(flow: Flow, state: State, said: str) -> bool:
    """Whether words are no answer to what the flow has asked; a wish for a person is heard by the flow itself."""
    if state.awaits != "words" or len(said) > machine.LONGEST:
        return False
    moved = machine.step(flow, state, Heard(said))
    if moved.taken:
        return moved.taken[0] == (state.at, "otherwise")
    return not any(isinstance(one, Person) for one in moved.commands)


def _judged(talk: Talk, message: Message, found: Judgement) -> Judged:
    return Judged(
        conversation=talk.conversation, inbox_id=talk.conversation.inbox_id, message_id=message.pk,
        language=talk.run.language, band=Judged.Band.REFUSE, score=found.score, threshold=found.threshold,
        margin=found.margin, ranked=[[code, round(likeness, 4)] for code, likeness in found.ranked],
    )  # fmt: skip


def _article(talk: Talk, said: str) -> articles.Found | None:
    return articles.answer(None, said, talk.run.language) if talk.answering.articles else None


def runnable(talk: Talk) -> dict[str, Version]:
    """By intent, the newest version of each flow that may run here; of two for one intent the older bot's."""
    found: dict[str, Version] = {}
    versions = Version.objects.filter(bot__in=talk.answering.flows.all()).order_by("bot", "-number").distinct("bot")
    for version in versions:
        for code in flowing.flow_of(version.pk).intents:
            found.setdefault(code, version)
    return found


def _ask(talk: Talk, codes: list[str]) -> None:
    names = dict(Intent.objects.filter(code__in=codes).values_list("code", "name"))
    talk.run.offered, talk.run.misses = [*codes, TO_PERSON], talk.run.misses + 1
    talk.say(
        talk.told(_WHICH if len(codes) > 1 else _THIS), [*(names.get(one, one) for one in codes), talk.told(PERSON)]
    )


def _chosen(talk: Talk, said: str) -> bool:
    """By its words or its number, among what was offered last."""
    offered = talk.run.offered
    if not offered:
        return False
    names = dict(Intent.objects.filter(code__in=offered).values_list("code", "name"))
    names |= {TO_PERSON: talk.told(PERSON), HELPED: talk.told(_HELPED)}
    words = wishes.plain(said)
    number = int(words[0]) if len(words) == 1 and words[0].isdecimal() else 0
    for place, code in enumerate(offered, 1):
        if place != number and (not words or words != wishes.plain(names.get(code, code))):
            continue
        _take(talk, code)
        return True
    return False


def _take(talk: Talk, code: str) -> None:
    talk.run.offered = []
    if code == TO_PERSON:
        handing.hand(talk, "wish")
    elif code == HELPED:
        talk.say(talk.told(_GLAD))
        talk.conversation = talks.resolve(talk.conversation.pk, actor=talk.actor)
        talk.end(Run.Outcome.FINISHED)
    elif (version := runnable(talk).get(code)) is not None:
        flowing.begin(talk, version)
    elif (article := _article(talk, dict(Intent.objects.values_list("code", "name")).get(code, code))) is not None:
        extracted(talk, article)
    else:
        handing.hand(talk, "unknown")


def _answer(talk: Talk, found: articles.Found) -> None:
    judged = talk.judged
    assert judged is not None
    judged.band, judged.articles = Judged.Band.ANSWER, [one.url for one in found.sources]
    if port.is_configured():
        talk.ask_outside(WORD)
        return
    extracted(talk, found)


def extracted(talk: Talk, found: articles.Found) -> None:
    """In the article's own words, with the article."""
    tell(talk, talk.told(_FOUND, extract=found.extract), found)


def tell(talk: Talk, words: str, found: articles.Found) -> None:
    talk.run.offered = [HELPED, TO_PERSON]
    talk.say(words, [talk.told(_HELPED), talk.told(PERSON)], found.sources)
