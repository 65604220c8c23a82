"""The addresses of the help center."""

from django.urls import path

from careline.web.help import doors, own

urlpatterns = [
    path("", doors.front, name="help"),
    path("/sitemap.xml", doors.sitemap),
    path("/pictures/<uuid:file_id>", doors.picture),
    path("/own", own.own),
    path("/own/left", own.left),
    path("/own/open/<str:secret>", own.opened),
    path("/own/<int:conversation_id>", own.talk),
    path("/own/<int:conversation_id>/files/<uuid:file_id>", own.file),
    path("/<str:language>", doors.home),
    path("/<str:language>/search", doors.searched),
    path("/<str:language>/contact", doors.contact),
    path("/<str:language>/collections/<str:slug>", doors.collection),
    path("/<str:language>/articles/<str:slug>", doors.article),
    path("/<str:language>/articles/<str:slug>/verdict", doors.verdict),
]
