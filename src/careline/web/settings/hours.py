"""When the house works: calendars, their holidays from a file, and which the house, an inbox or a team keeps."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from careline.accounts import actions, holidays, open_hours
from careline.accounts import queries as accounts
from careline.accounts.actor import Actor
from careline.channels import queries as channels
from careline.kit import clock
from careline.web.doors import AgentRequest, signed_in
from careline.web.settings import calendars
from careline.web.settings.pages import attempt, show

BACK = "/settings/hours"


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def hours(request: AgentRequest) -> HttpResponse:
    actor, post = request.actor, request.POST
    actor.must("promises.manage")

    def draw(errors: dict[str, str], status: int = 200) -> HttpResponse:
        firm = accounts.organization()
        is_back = post.get("what") == "calendars" and errors
        context: dict[str, Any] = {
            "calendars": calendars.written(post) if is_back else calendars.drawn(firm.calendars),
            "days": calendars.days(), "errors": errors, "zone": firm.zone,
            "zones": [("", _("that of the firm: %(zone)s") % {"zone": firm.zone.replace("_", " ")})]
            + [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones())],
            "places": _places(actor), "choices": [("", _("as the house")), *((name, name) for name in firm.calendars)],
        }  # fmt: skip
        return show(request, "hours", "hours.html", context, status)

    def keep() -> Any:
        wanted, renamed = calendars.read(post), calendars.renamed(post)
        for n, name in enumerate(post.getlist("calendar")):
            file = request.FILES.get(f"{n}.file")
            if file is not None and name.strip() in wanted:
                # One more byte than may be says that there are too many, without reading them all.
                found = holidays.read(file.read(holidays.LARGEST + 1), today=clock.now().date())
                known = wanted[name.strip()]["holidays"]
                wanted[name.strip()]["holidays"] = [*known, *(day.isoformat() for day in found)]
        kept = accounts.organization().hours_of.items()
        places = {place: renamed.get(name, name) for place, name in kept}
        places = {place: name for place, name in places.items() if name in wanted}
        return actions.update_organization(actor=actor, calendars=wanted, hours_of=places)

    def assign() -> Any:
        shown = [place for place, _word, _kept, _told in _places(actor)]
        # Places the viewer does not see stay as they are.
        others = {place: name for place, name in accounts.organization().hours_of.items() if place not in shown}
        wanted = {place: post[place] for place in shown if post.get(place)}
        return actions.update_organization(actor=actor, hours_of=others | wanted)

    return attempt(request, {"calendars": keep, "places": assign}, draw, back=BACK) if post else draw({})


def _places(actor: Actor) -> list[tuple[str, str, str, str]]:
    """Each place with its word, the calendar it keeps and whether it is open now."""
    kept, eras = accounts.organization().hours_of, tuple(accounts.hours())
    found = [("house", _("The house"), open_hours.Clock(eras))]
    found += [
        (f"inbox:{one.pk}", one.name, open_hours.Clock(eras, inbox_id=one.pk))
        for one in channels.visible_to(actor).filter(archived_at=None)
    ]
    found += [
        (f"team:{one.pk}", _("Team %(name)s") % {"name": one.name}, open_hours.Clock(eras, team_id=one.pk))
        for one in accounts.teams(actor)
    ]
    now = clock.now()
    return [
        (place, word, kept.get(place, ""), _("open now") if counting.is_open(now) else _("closed now"))
        for place, word, counting in found
    ]
