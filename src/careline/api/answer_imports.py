"""Answers of other tools, as files: uploaded, looked at, started; watched like any import."""

from __future__ import annotations

import msgspec
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from ninja import Router

from careline.api import imports, reading, shapes
from careline.api.describing import operation
from careline.api.door import Request, asked, must_be_upload, told
from careline.experience.surveys.bringing import actions, queries
from careline.experience.surveys.bringing.meaning import AnswersMeaning
from careline.kit.refusals import Refused

router = Router(tags=["Surveys"])
UPLOAD = {
    "multipart/form-data": {
        "schema": {
            "type": "object",
            "properties": {
                "file": {
                    "type": "string",
                    "format": "binary",
                    "description": "CSV of Qualtrics, SurveyMonkey, an export of answers or another; at most 512 MB.",
                }
            },
            "required": ["file"],
        }
    }
}


@router.post(
    "/answer-imports",
    **operation("upload_answers", "Upload a file of answers", takes=UPLOAD, gives=shapes.Import, status=201),
)
def upload(request: Request) -> HttpResponse:
    request.auth.must("surveys.edit")
    must_be_upload(request)
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        raise Refused("Send one file in the field “file”.", field="file")
    return told(imports.drawn(actions.upload(file.chunks(), name=file.name or "", actor=request.auth)), 201)


@router.post(
    "/answer-imports/{answers_id}/preview",
    **operation(
        "preview_answers", "What the first rows would be; nothing is written", takes=shapes.AnswersStarting,
        gives=shapes.AnswersPreview, problems=(404,),
    ),
)  # fmt: skip
def preview(request: Request, answers_id: str) -> HttpResponse:
    wanted = asked(request, shapes.AnswersStarting)
    survey = 0 if wanted.survey_id is None else reading.number(wanted.survey_id)
    look = queries.look_at(request.auth, reading.number(answers_id), _meant(wanted), survey=survey)
    trials = [
        shapes.AnswersTrial(
            one.row, one.at, one.who, one.known,
            {key: shapes.Answered(given.value, given.words, given.at) for key, given in one.answers.items()},
            one.field, one.why,
        )
        for one in look.trials
    ]  # fmt: skip
    columns = [one.name for one in look.columns]
    return told(shapes.AnswersPreview(look.sort, columns, look.meant, look.looked, look.good, look.wrong, trials))


@router.put(
    "/answer-imports/{answers_id}/run",
    **operation(
        "start_answers", "Take the answers into a survey, or into a new one nobody is asked",
        takes=shapes.AnswersStarting, gives=shapes.Import, problems=(404,),
    ),
)  # fmt: skip
def start(request: Request, answers_id: str) -> HttpResponse:
    wanted, number = asked(request, shapes.AnswersStarting), reading.number(answers_id)
    survey = 0 if wanted.survey_id is None else reading.number(wanted.survey_id)
    meant = _meant(wanted) or queries.look_at(request.auth, number, survey=survey).meant
    return told(imports.drawn(actions.start(number, meant, actor=request.auth, name=wanted.name)))


def _meant(wanted: shapes.AnswersStarting) -> AnswersMeaning | None:
    if wanted.meaning is None:
        return None
    survey = 0 if wanted.survey_id is None else reading.number(wanted.survey_id)
    return msgspec.structs.replace(wanted.meaning, survey=survey)
