"""Every address, one line a room of doors."""

from django.urls import include, path

from careline.config.later import later

urlpatterns = [
    later("api/v1/", "careline.api.urls"),
    later("channels/", "careline.api.webhook_urls"),
    path("", include("careline.web.urls")),
]

handler400 = "careline.web.errors.bad_request"
handler403 = "careline.web.errors.not_allowed"
handler404 = "careline.web.errors.not_found"
handler500 = "careline.web.errors.failed"
