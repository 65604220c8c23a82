"""The addresses of the room of bots."""

from django.urls import path

from careline.web.bots import answering, doors, trying, writing

urlpatterns = [
    path("", doors.flows, name="bots"),
    path("/new", doors.create),
    path("/where", answering.where),
    path("/quality", answering.how_well),
    path("/<int:bot_id>", writing.flow),
    path("/<int:bot_id>/draft", writing.draft),
    path("/<int:bot_id>/try", trying.talk),
    path("/<int:bot_id>/rehearsals", trying.rehearsals),
    path("/<int:bot_id>/versions", writing.versions),
]
