"""An answer that was given in a conversation, kept with the others; then the conversation goes on."""

from __future__ import annotations

from django.db import transaction

from careline.accounts.actor import Actor
from careline.experience.surveys import actions
from careline.experience.surveys.delivery import talk
from careline.experience.surveys.links import Link
from careline.experience.surveys.models import Response


@transaction.atomic
def take(about: str, value: str, *, outbound: int, actor: Actor) -> None:
    """`about` is what was expected: "survey:RESPONSE:QUESTION", with ":words" where only words beside it were asked."""
    _survey, number, key, *rest = about.split(":")
    response = Response.objects.select_related("survey", "version", "person").filter(pk=int(number)).first()
    question = response.form.question(key) if response is not None else None
    if response is None or question is None:
        return
    link, given = Link("own", response.pk), response.given.get(key)
    if rest:
        kept = actions.answer(link, key, None if given is None else given.value, value, actor=actor, for_good=True)
    else:
        kept = actions.answer(link, key, value or None, actor=actor, awaits_words=bool(question.comment and value))
    talk.go_on(kept, outbound, key, with_words=bool(rest) or not value)
