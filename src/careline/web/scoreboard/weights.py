"""The door of effort's weights: what the house's own answers tell of its parts, and how it weighs them."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from careline.insights.metrics import weighing, weights, words
from careline.insights.metrics.intervals import Estimate
from careline.kit.refusals import Refused
from careline.touchpoints.feelings import PARTS
from careline.web.doors import AgentRequest, signed_in
from careline.web.scoreboard.doors import BOTH


@BOTH
@signed_in
def weighed(request: AgentRequest) -> HttpResponse:
    error, status = "", 200
    if request.method == "POST":
        try:
            weights.weigh(request.POST.get("way", ""), actor=request.actor)
            return redirect("/scoreboard/effort/weights")
        except Refused as refusal:
            error, status = str(refusal), refusal.status
    told, kept = weights.told(request.actor), weights.in_force()
    now = tuple(kept.weights) if kept else weights.ALIKE
    named = _named()
    rows = [
        {
            "part": named[part], "now": _weight(now[n]), "found": _weight(told.weights[n]) if told.weights else "",
            "cost": _figure(told.costs[n]) if told.costs else "", "ends": _ends(told.costs[n]) if told.costs else "",
        }
        for n, part in enumerate(PARTS)
    ]  # fmt: skip
    context = {
        "rows": rows, "n": f"{told.n:,}", "enough": told.n >= weighing.FEWEST, "fewest": weighing.FEWEST,
        "holds": told.holds, "by_answers": bool(kept and kept.way == "answers"),
        "same": now == told.weights, "error": error, "since": words.day(kept.at, request.actor.zone) if kept else "",
        "kept_n": f"{kept.n:,}" if kept and kept.n else "",
        "fits": [
            (word, _figure(found) if found else _("cannot be told"), _ends(found) if found else "")
            for word, found in ((_("Weighed by answers"), told.weighed), (_("All parts alike"), told.alike))
        ],
    }  # fmt: skip
    return render(request, "scoreboard/weights.html", context, status=status)


def _named() -> dict[str, str]:
    return {
        "contacts": _("Further contacts"), "waits": _("Late answers"), "transfers": _("Transfers"),
        "switches": _("Changes of channel"),
    }  # fmt: skip


def _weight(hundredths: int) -> str:
    return f"{hundredths / 100:.2f}"


def _figure(found: Estimate) -> str:
    return _signed(found.value)


def _ends(found: Estimate) -> str:
    return _("%(low)s to %(high)s") % {"low": _signed(found.low), "high": _signed(found.high)}


def _signed(amount: float) -> str:
    told = f"{abs(amount):.2f}"
    return f"−{told}" if amount < 0 and float(told) else told
