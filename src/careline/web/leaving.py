"""A customer says what they want to be written to for: by the link in a message, without signing in."""

from __future__ import annotations

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from careline.accounts import queries as accounts
from careline.contact import leaving
from careline.contact.leaving import Leave
from careline.customers import actions, queries
from careline.customers.queries import Choices
from careline.kit.refusals import Refused
from careline.web.viewer import Viewer

ONE_CLICK = "One-Click"


# The token in the address is the authority; a mail program's one click comes without a cookie.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def choices(request: HttpRequest, token: str) -> HttpResponse:
    """Looking changes nothing: programs that open every link of a mail opt nobody out."""
    leave, found = leaving.opened(token)
    language = found.language if found.language in dict(settings.LANGUAGES) else translation.get_language() or "en"
    with translation.override(language):
        request.viewer = Viewer(language=language)  # type: ignore[attr-defined]
        if request.method != "POST":
            return _drawn(request, leave, found)
        if request.POST.get("List-Unsubscribe") == ONE_CLICK:
            actions.say_own_consent(leave.person_id, leave.purpose, given=False)
            return HttpResponse(_("Done: we do not write to you for this any more."), content_type="text/plain")
        purpose, given = request.POST.get("purpose", ""), request.POST.get("given", "")
        if given not in ("yes", "no") or purpose not in {actions.ANY, *(one.name for one in found.kinds)}:
            raise Refused(_("Choose one from the list."))
        actions.say_own_consent(leave.person_id, purpose, given=given == "yes")
        return redirect(f"{request.path}?done={'all' if purpose == actions.ANY else 'one'}")


def _drawn(request: HttpRequest, leave: Leave, found: Choices) -> HttpResponse:
    kinds = [
        msgspec.structs.replace(one, label=queries.in_words(one.label), about=queries.in_words(one.about))
        for one in found.kinds
    ]
    first = [one for one in kinds if one.name == leave.purpose]
    others = [one for one in kinds if one.name != leave.purpose]
    context = {
        "house": accounts.organization().name, "kinds": [*first, *others], "nothing": found.nothing,
        "about": first[0].label if first else "", "done": request.GET.get("done", "") in ("one", "all"),
    }  # fmt: skip
    answer = render(request, "leaving/choices.html", context)
    answer["X-Robots-Tag"] = "noindex"
    return answer
