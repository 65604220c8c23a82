"""Every door of the house: what it takes, whom it lets in, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

# Doors a stranger may open, and what stands behind them.
OPEN = {
    "set-up", "sign-in", "sign-in/code", "sign-in/secure", "sign-in/secure/passkey", "sign-in/secure/passkey/asked",
    "sign-in/passkey", "sign-in/passkey/asked", "sign-in/company", "sign-in/company/<int:provider_id>",
    "forgotten", "resets/<str:key>", "invitations/<str:key>", "chat/<str:key>",
    "chat/<str:key>/files/<str:token>", "contact/<str:key>", "contact/<str:key>/sent",
    "help", "robots.txt", "help/sitemap.xml", "help/pictures/<uuid:file_id>", "help/own", "help/own/left",
    "help/own/open/<str:secret>", "help/own/<int:conversation_id>", "help/<str:language>",
    "help/own/<int:conversation_id>/files/<uuid:file_id>", "help/<str:language>/search",
    "help/<str:language>/contact", "help/<str:language>/collections/<str:slug>",
    "help/<str:language>/articles/<str:slug>", "help/<str:language>/articles/<str:slug>/verdict",
    "files/<str:token>", "o/<str:token>", "s/<str:token>", "widget.js", "careline.js",
    "api/v1/openapi.json", "api/v1/docs",
}  # fmt: skip
# The house's own inner pages, by who lets one in; the rest of the desk asks for conversations and customers.
NEEDS = {
    "settings/organization": "organization.manage", "settings/teams": "teams.manage", "settings/roles": "roles.manage",
    "settings/signing-in": "organization.manage", "settings/signing-in/provider": "roles.manage",
    "settings/audit/export": "audit.view",
    "settings/agents": "agents.manage", "settings/tokens": "tokens.manage", "settings/audit": "audit.view",
    "settings/sources": "organization.manage", "settings/sources/<int:source_id>": "organization.manage",
    "settings/sources/<int:source_id>/events": "organization.manage", "settings/rules": "organization.manage",
    "settings/imports": "organization.manage", "settings/imports/<int:import_id>": "organization.manage",
    "settings/imports/<int:import_id>/refused": "organization.manage",
    "settings/analysis": "organization.manage", "settings/meaning": "organization.manage",
    "settings/attributes": "organization.manage",
    "settings/attributes/asked": "organization.manage",
    "settings/purposes": "organization.manage", "settings/contact": "organization.manage",
    "settings/contact/rule": "organization.manage",
    **{f"settings/{page}": "queues.manage" for page in ("queues", "queues/queue", "skills", "statuses")},
    "settings/replies": "knowledge.edit", "settings/voice": "knowledge.edit",
    "settings/earned": "bots.manage",
    "settings/automation": "rules.manage", "settings/automation/rule": "rules.manage",
    "settings/hours": "promises.manage", "settings/promises": "promises.manage",
    "settings/promises/policy": "promises.manage",
    **{f"knowledge{page}": "knowledge.view" for page in ("", "/missing", "/gaps", "/collections")},
    **{f"knowledge/{page}": "knowledge.edit" for page in ("new", "import", "centre")},
    "knowledge/<int:article_id>": "knowledge.view", "knowledge/<int:article_id>/versions": "knowledge.view",
    **{f"bots{page}": "bots.manage" for page in ("", "/new", "/where", "/quality", "/<int:bot_id>")},
    "bots/<int:bot_id>/rehearsals": "bots.manage", "bots/<int:bot_id>/versions": "bots.manage",
    **{f"intents{page}": "bots.manage" for page in ("", "/import", "/alike", "/learned", "/<slug:code>")},
    "board": "board.view", "board/<str:what>": "board.view", "board/history": "board.view",
    "board/alerts": "board.view", "board/alerts/<int:alert_id>": "board.view",
    "settings/recovery": "organization.manage", "settings/recovery/rule": "organization.manage",
    "settings/inboxes": "inboxes.manage", "settings/inboxes/<int:inbox_id>": "inboxes.manage",
    "settings/inboxes/new/<str:kind>": "inboxes.manage", "settings/inboxes/<int:inbox_id>/connection": "inboxes.manage",
    "settings/inboxes/<int:inbox_id>/records": "inboxes.manage", "settings/suppressions": "customers.view",
    "settings/inboxes/<int:inbox_id>/deliveries/<int:delivery_id>": "inboxes.manage",
    "settings/inboxes/<int:inbox_id>/history": "inboxes.manage",
    "settings/inboxes/<int:inbox_id>/history/<int:history_id>": "inboxes.manage",
    "customers": "customers.view", "customers/<int:person_id>": "customers.view",
    "customers/suggestions": "customers.view", "customers/companies": "customers.view",
    "customers/traits": "customers.view",
    "customers/segments": "customers.view", "customers/export": "customers.export",
    "customers/<int:person_id>/card": "customers.export", "customers/import": "customers.edit",
    "topics": "reports.view", "topics/<int:topic_id>": "reports.view",
    "scoreboard/annotations": "reports.view", "scoreboard/reports": "reports.view",
    "scoreboard/effort/weights": "reports.view",
    "scoreboard/reports/new": "reports.view",
    "scoreboard/reports/<int:report_id>": "reports.view", "scoreboard/reports/<int:report_id>/file.pdf": "reports.view",
    "scoreboard/reports/<int:report_id>/file.csv": "reports.view",
    "settings/retention": "organization.manage", "customers/<int:person_id>/erasure": "customers.erase",
    "customers/<int:person_id>/export": "customers.export",
    "customers/<int:person_id>/moments": "customers.view",
    "surveys": "surveys.view", "surveys/<int:survey_id>": "surveys.view",
    "surveys/<int:survey_id>/answers": "surveys.view", "surveys/<int:survey_id>/results": "surveys.view",
    "surveys/<int:survey_id>/when": "surveys.view", "surveys/<int:survey_id>/when/<int:plan_id>/asked": "surveys.view",
    "surveys/import": "surveys.edit", "surveys/import/<int:import_id>": "surveys.edit",
    "surveys/<int:survey_id>/code.svg": "surveys.view", "surveys/<int:survey_id>/code.png": "surveys.view",
    "surveys/<int:survey_id>/export": "surveys.view", "surveys/answers/<int:response_id>": "surveys.view",
}  # fmt: skip


@dataclass
class Door:
    """How a door is knocked at: what stands in its address, what a change of it sends."""

    method: str = "GET"
    form: dict[str, Any] = field(default_factory=dict)
    permission: str = ""
    # Not found for whoever does not see this.
    of: str = ""
    done: tuple[int, ...] = (200, 201, 204, 302)


SILLY = b"what=%00&agent=%C2%B2&team=%C2%B2&priority=99999999999999999999&tags=%00&seq=%C2%B2&place=%00&for=%00"
WAITING = {"0.about": "all", "0.count": "1", "0.0.about": "service:waiting", "0.0.test": "at_least"}
COUNTED = {"how": "count", "kind": "order.placed"}
GIVEN = {"of": "trait", "name": "x", "test": "set"}
PLAN = {
    "name": "Help", "kind": "after", "moment": "conversation.resolved", "delay": "1", "span": "days", "share": "50",
    "reminders": "0", "ends_days": "9", "ways": "email",
}  # fmt: skip
WHEN = "surveys/<int:survey_id>/when"
CONVERSATION = "desk/<int:conversation_id>"
CHANGES = {
    # This house is reached by a bare address, where no browser makes a passkey.
    "settings/ways/passkey/asked": Door("POST", {}, done=(409,)),
    "settings/ways/passkey": Door("POST", {}, done=(422,)),
    f"{CONVERSATION}/messages": Door("POST", {"kind": "reply", "body": "Hello"}, "conversations.reply", "conversation"),
    f"{CONVERSATION}/suggestions/<str:source>/<int:item>/dismissal": Door(
        "POST", {}, "conversations.reply", "conversation"
    ),
    f"{CONVERSATION}/voice": Door("POST", {"body": "We guarantee it."}, "conversations.reply", "conversation"),
    f"{CONVERSATION}/drafts": Door("POST", {"how": "draft"}, "conversations.reply", "conversation"),
    f"{CONVERSATION}/messages/<uuid:message_id>/translation": Door(
        "POST", {}, "conversations.reply", "conversation", (404,)
    ),
    f"{CONVERSATION}/closure": Door("PUT", {}, "conversations.close", "conversation"),
    f"{CONVERSATION}/snooze": Door("PUT", {"for": "hour"}, "conversations.close", "conversation"),
    f"{CONVERSATION}/turn": Door("PUT", {"on": "third_party"}, "conversations.reply", "conversation"),
    f"{CONVERSATION}/place": Door("PUT", {"place": "spam"}, "conversations.close", "conversation"),
    f"{CONVERSATION}/assignment": Door("PUT", {"agent": "", "team": ""}, "conversations.assign", "conversation"),
    f"{CONVERSATION}/priority": Door("PUT", {"priority": "4"}, "conversations.reply", "conversation"),
    f"{CONVERSATION}/tags": Door("PUT", {"tags": "late"}, "conversations.reply", "conversation"),
    f"{CONVERSATION}/attributes": Door("POST", {}, "conversations.reply", "conversation"),
    # Of one message nothing is split, and nothing was moved there.
    f"{CONVERSATION}/arranging": Door("POST", {}, "conversations.assign", "conversation", (409,)),
    f"{CONVERSATION}/arranging/<int:seq>": Door("POST", {}, "conversations.assign", "conversation", (404,)),
    # A chat has no copies.
    f"{CONVERSATION}/people": Door("POST", {"add": "lin@example.com"}, "conversations.reply", "conversation", (422,)),
    # It is being won back already.
    f"{CONVERSATION}/recovery": Door("POST", {}, "conversations.reply", "conversation", (409,)),
    f"{CONVERSATION}/recovery/steps/<int:place>": Door("PUT", {}, "conversations.reply", "conversation"),
    # No role may give anything yet.
    f"{CONVERSATION}/recovery/goodwill": Door(
        "POST", {"amount": "1", "once": "a"}, "conversations.reply", "conversation", (422,)
    ),
    f"{CONVERSATION}/recovery/outcome": Door("POST", {"outcome": "reached"}, "conversations.close", "conversation"),
    # Nothing was given there.
    f"{CONVERSATION}/known/<int:given_id>": Door("DELETE", {}, "conversations.reply", "conversation", (404,)),
    # Linked to one already, so it goes into that again.
    f"{CONVERSATION}/alike": Door("POST", {"name": "Courier"}, "conversations.reply", "conversation"),
    "incidents/<int:incident_id>/answer": Door("POST", {"body": "Sorry"}, "conversations.reply", "incident"),
    "incidents/<int:incident_id>/closure": Door("POST", {}, "conversations.close", "incident"),
    "incidents/<int:incident_id>/conversations/<int:conversation_id>/removal": Door(
        "POST", {}, "conversations.reply", "incident"
    ),
    f"{CONVERSATION}/mood": Door("PUT", {"label": "negative"}, "conversations.reply", "conversation"),
    f"{CONVERSATION}/asked-again": Door("POST", {"body": "Which order?"}, "", "conversation"),
    f"{CONVERSATION}/follow": Door("PUT", {}, "", "conversation"),
    f"{CONVERSATION}/seen": Door("POST", {"seq": "1"}, "", ""),
    "desk/status": Door("PUT", {"status": "ready"}, "conversations.reply"),
    # Nothing is offered to whoever knocks here.
    "desk/offers/<int:offer_id>/acceptance": Door("POST", {}, "", done=(404,)),
    "desk/offers/<int:offer_id>/refusal": Door("POST", {}, "", done=(404,)),
    "board/conversations/<int:conversation_id>/assignment": Door(
        "POST", {"agent": "me"}, "conversations.assign", "conversation"
    ),
    "board/conversations/<int:conversation_id>/note": Door(
        "POST", {"body": "Hm"}, "conversations.note", "conversation"
    ),
    "board/alerts/<int:alert_id>/removal": Door("POST", {}, "queues.manage"),
    "board/agents/<int:agent_id>/status": Door("POST", {"status": "off"}, "queues.manage"),
    "board/agents/<int:agent_id>/skills": Door("POST", {}, "queues.manage"),
    "customers/new": Door("POST", {"name": "New"}, "customers.edit"),
    "customers/traits/new": Door("POST", COUNTED | {"label": "Orders", "name": "orders"}, "reports.view"),
    "customers/traits/draft": Door("POST", COUNTED, "reports.view"),
    "customers/traits/<int:trait_id>": Door("POST", COUNTED | {"label": "Orders"}, "reports.view"),
    "customers/traits/<int:trait_id>/removal": Door("POST", {}, "reports.view"),
    "customers/segments/new": Door("POST", WAITING | {"name": "Waiting"}, "customers.edit"),
    "settings/automation/draft": Door("POST", {"steps": "0", "do": "step-add"}, "rules.manage"),
    "conditions/draft": Door("POST", {"if.count": "0", "do": "add:if"}, "conversations.view"),
    "customers/segments/draft": Door("POST", WAITING, "customers.edit"),
    "customers/segments/<int:segment_id>": Door("POST", WAITING | {"name": "Waits"}, "customers.edit"),
    "customers/segments/<int:segment_id>/removal": Door("POST", {}, "customers.edit"),
    "customers/companies/new": Door("POST", {"name": "New Ltd"}, "customers.edit"),
    "customers/companies/<int:company_id>/change": Door("POST", {"what": "name", "name": "Acme Ltd"}, "customers.edit"),
    "customers/<int:person_id>/change": Door("POST", {"what": "name", "name": "Ada M."}, "customers.edit"),
    "customers/<int:person_id>/merge": Door("POST", {"other": "{twin}"}, "customers.edit"),
    "customers/suggestions/<int:suggestion_id>/dismissal": Door("POST", {}, "customers.edit"),
    "surveys/new": Door("POST", {"beginning": "help"}, "surveys.edit"),
    "surveys/<int:survey_id>/draft": Door("POST", {"do": "add", "add_type": "text"}, "surveys.edit"),
    # Nothing changed since it was published, and what was published stays.
    "surveys/<int:survey_id>/publication": Door("POST", {}, "surveys.edit", done=(409,)),
    "surveys/<int:survey_id>/closure": Door("POST", {}, "surveys.edit"),
    f"{WHEN}/new": Door("POST", PLAN, "surveys.edit"),
    f"{WHEN}/<int:plan_id>": Door("POST", PLAN, "surveys.edit"),
    f"{WHEN}/<int:plan_id>/activation": Door("POST", {"to": "on"}, "surveys.edit"),
    f"{WHEN}/<int:plan_id>/removal": Door("POST", {}, "surveys.edit"),
    f"{WHEN}/forecast": Door("POST", PLAN, "surveys.view"),
    "surveys/<int:survey_id>/removal": Door("POST", {}, "surveys.edit", done=(409,)),
    "scoreboard/annotations/<int:annotation_id>/removal": Door("POST", {}, "reports.view"),
    "scoreboard/views": Door("POST", {"name": "Mine", "days": "7"}),
    "scoreboard/views/<int:view_id>/removal": Door("POST", {}),
    "knowledge/preview": Door("POST", {"body": "# Words"}, "knowledge.view"),
    "bots/<int:bot_id>/draft": Door("POST", {"text": "a = ", "do": "choose:x"}, "bots.manage"),
    "bots/<int:bot_id>/try": Door("POST", {"say": "Hello"}, "bots.manage"),
    "sign-out": Door("POST"),
}
READS = {
    "customers/<int:person_id>/write": Door(permission="conversations.reply"),
    "": Door(done=(302,)),
    "desk": Door(),
    "desk/rows": Door(),
    "scoreboard": Door(),
    "recoveries": Door(),
    "incidents": Door(),
    "incidents/<int:incident_id>": Door(of="incident"),
    "scoreboard/export": Door(),
    "scoreboard/paper": Door(),
    "scoreboard/<str:name>": Door(),
    "desk/tabs": Door(),
    "desk/at-work": Door(),
    CONVERSATION: Door(of="conversation"),
    f"{CONVERSATION}/known": Door(of="conversation", done=(200, 302)),
    f"{CONVERSATION}/meaning": Door(permission="conversations.reply", of="conversation"),
    f"{CONVERSATION}/messages/<uuid:message_id>/meaning": Door(
        permission="conversations.reply", of="conversation", done=(404,)
    ),
    f"{CONVERSATION}/earlier": Door(form={"before": "5"}, of="conversation"),
    f"{CONVERSATION}/recipients": Door(of="conversation"),
    f"{CONVERSATION}/summary": Door(of="conversation"),
    f"{CONVERSATION}/suggestions": Door(permission="conversations.reply", of="conversation"),
    f"{CONVERSATION}/saved-replies": Door(permission="conversations.reply", of="conversation"),
    f"{CONVERSATION}/since": Door(form={"after": "0"}, of="conversation"),
    "settings": Door(done=(302,)),
    "settings/own": Door(),
    "files/<uuid:file_id>": Door(of="file"),
    "letters/<uuid:message_id>": Door(of="file"),
    "letters/<uuid:message_id>/pictures/<int:number>": Door(of="file"),
    "letters/<uuid:message_id>/raw": Door(of="file"),
    "customers/companies/<int:company_id>": Door(permission="customers.view"),
    **{route: Door(permission=permission) for route, permission in NEEDS.items()},
    "board/history/<str:what>": Door(
        form={"from": "2026-03-01T10:00:00Z", "to": "2026-03-01T11:00:00Z"}, permission="board.view"
    ),
    # What was uploaded there are no answers.
    "surveys/import/<int:import_id>": Door(permission="surveys.edit", done=(302,)),
    "settings/inboxes/<int:inbox_id>/consent": Door(permission="inboxes.manage", done=(302,)),
    # Nobody has asked a provider.
    "settings/inboxes/connected": Door(done=(403,)),
    # This house is reached by a bare address, where no browser makes a passkey.
    "settings/ways": Door(),
}
DOORS = READS | CHANGES
