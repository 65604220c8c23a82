"""The addresses of the room of surveys."""

from django.urls import path

from careline.web.surveys import bringing
from careline.web.surveys import doors as surveys
from careline.web.surveys import reading as answers
from careline.web.surveys import sending as plans

urlpatterns = [
    path("", surveys.surveys, name="surveys"),
    path("/new", surveys.create),
    path("/import", bringing.bring),
    path("/import/<int:import_id>", bringing.brought),
    path("/<int:survey_id>", surveys.survey),
    path("/<int:survey_id>/draft", surveys.draft),
    path("/<int:survey_id>/publication", surveys.publication),
    path("/<int:survey_id>/closure", surveys.closure),
    path("/<int:survey_id>/removal", surveys.removal),
    path("/<int:survey_id>/when", plans.plans),
    path("/<int:survey_id>/when/new", plans.create),
    path("/<int:survey_id>/when/forecast", plans.forecast),
    path("/<int:survey_id>/when/<int:plan_id>", plans.plan),
    path("/<int:survey_id>/when/<int:plan_id>/asked", plans.asked),
    path("/<int:survey_id>/when/<int:plan_id>/activation", plans.activation),
    path("/<int:survey_id>/when/<int:plan_id>/removal", plans.removal),
    path("/<int:survey_id>/code.svg", surveys.code, {"form": "svg"}),
    path("/<int:survey_id>/code.png", surveys.code, {"form": "png"}),
    path("/<int:survey_id>/answers", answers.answers),
    path("/<int:survey_id>/results", answers.results),
    path("/<int:survey_id>/export", answers.export),
    path("/answers/<int:response_id>", answers.answer),
]
