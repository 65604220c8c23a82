"""A file of answers is uploaded, told whose it is and what its columns mean, and run like any import."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.experience.surveys import actions as surveys
from careline.experience.surveys.actions.editing import taken
from careline.experience.surveys.bringing import meaning, queries
from careline.experience.surveys.bringing.meaning import AnswersMeaning
from careline.experience.surveys.bringing.queries import FORM
from careline.experience.surveys.models import Survey
from careline.kit.refusals import Refused
from careline.tracking import actions as imports
from careline.tracking.queries import KnownImport


def upload(pieces: Iterable[bytes], *, name: str, actor: Actor) -> KnownImport:
    actor.must("surveys.edit")
    if not name.lower().removesuffix(".gz").endswith((".csv", ".tsv", ".txt")):
        raise Refused(_("Answers come as CSV: let the name of the file end in .csv."), field="file")
    return imports.upload(pieces, name=name, actor=actor, format=FORM, columns={"form": FORM})


@transaction.atomic
def start(import_id: int, wanted: AnswersMeaning, *, actor: Actor, name: str = "") -> KnownImport:
    """Into the survey that is named by its number, or into a new one of this name, which nobody is asked."""
    actor.must("surveys.edit")
    known = queries.columns(actor, import_id)
    if wanted.survey:
        survey = taken(wanted.survey, actor)
        meant = meaning.checked(
            wanted, known, queries.asked_in(survey.pk), may_grow=survey.state != Survey.State.LIVE
        )  # fmt: skip
    else:
        meant = meaning.checked(wanted, known, None, may_grow=True)
        survey = surveys.create(name, meaning.grown(meant, None, {}, " ".join(name.split())), actor=actor)
    meant = msgspec.structs.replace(meant, survey=survey.pk)
    return imports.start_as(import_id, msgspec.to_builtins(meant), actor=actor)
