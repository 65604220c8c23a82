"""What the organization keeps of its customers and of its conversations, beside what every one of them has."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from careline.customers import actions, queries
from careline.kit.refusals import NotVisible, Refused
from careline.service.conversations import actions as conversations
from careline.web import conditions as asking
from careline.web.doors import AgentRequest, signed_in
from careline.web.settings.pages import attempt, show


def types() -> list[tuple[str, str]]:
    return [
        ("text", _("Text")), ("number", _("Number")), ("date", _("Date")), ("boolean", _("Yes or no")),
        ("choice", _("One of several")),
    ]  # fmt: skip


def holders() -> list[tuple[str, str]]:
    return [("customer", _("Customers")), ("conversation", _("Conversations"))]


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def attributes(request: AgentRequest) -> HttpResponse:
    actor, post = request.actor, request.POST
    actor.must("organization.manage")

    def draw(errors: dict[str, str], status: int = 200) -> HttpResponse:
        context = {
            "rows": [(one, asking.told(one.asked) if one.asked else "") for one in queries.attributes(None)],
            "types": types(), "words": dict(types()), "errors": errors,
            "holders": holders(), "holder_words": dict(holders()),
        }  # fmt: skip
        return show(request, "attributes", "attributes.html", context, status)

    if request.method != "POST":
        return draw({})
    choices = [one.strip() for one in post.get("choices", "").splitlines() if one.strip()]
    acts = {
        "define": lambda: actions.define_attribute(
            post.get("name", "").strip(),
            post.get("label", ""),
            post.get("type", ""),
            choices,
            actor=actor,
            of=post.get("of", "customer"),
        ),
        "drop": lambda: conversations.drop_attribute(post.get("name", ""), actor=actor),
    }
    return attempt(request, acts, draw, back="/settings/attributes")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def asked(request: AgentRequest) -> HttpResponse:
    """Where an attribute, by `name` in the address, is asked of whoever resolves a conversation."""
    actor, post = request.actor, request.POST
    actor.must("organization.manage")
    name = request.GET.get("name", "")
    if not name:
        return redirect("/settings/attributes")
    known = next((one for one in queries.attributes("conversation") if one.name == name), None)
    if known is None:
        raise NotVisible(_("There is no such attribute."))

    def draw(errors: dict[str, str], status: int = 200) -> HttpResponse:
        do, error = post.get("do", ""), ""
        tree = asking.read(post.dict()) if post else known.asked or {"all": []}
        try:
            tree = asking.changed(tree, do) if do else tree
        except Refused as refusal:
            error = str(refusal)
        context = {"known": known, "errors": errors, **asking.editor(request, tree, error=error)}
        return show(request, "attributes", "attribute_asked.html", context, status)

    if not post or post.get("do"):
        return draw({})
    acts = {
        "ask": lambda: conversations.ask_attribute(name, asking.read(post.dict()), actor=actor),
        "unask": lambda: conversations.ask_attribute(name, None, actor=actor),
    }
    return attempt(request, acts, draw, back="/settings/attributes")
