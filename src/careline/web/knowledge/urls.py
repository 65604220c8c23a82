"""The addresses of the room where articles are written."""

from django.urls import path

from careline.web.knowledge import doors, writing

urlpatterns = [
    path("", doors.articles, name="knowledge"),
    path("/new", writing.create),
    path("/preview", writing.preview),
    path("/missing", doors.missing),
    path("/gaps", doors.gaps_found),
    path("/collections", doors.collections),
    path("/import", writing.bring),
    path("/centre", doors.centre),
    path("/<int:article_id>", writing.article),
    path("/<int:article_id>/versions", writing.versions),
]
