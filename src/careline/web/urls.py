"""The addresses of every page."""

from django.urls import include, path

from careline.web import leaving
from careline.web.chat import page as chat_page
from careline.web.desk import (
    accompanying,
    arranging,
    beginning,
    describing,
    files,
    messages,
    originals,
    page,
    state,
    writing,
)
from careline.web.form import doors as form
from careline.web.people import computing, erasing, firms, grouping, merging, sheets
from careline.web.people import doors as people
from careline.web.scoreboard import doors as scoreboard
from careline.web.scoreboard import reports
from careline.web.settings import (
    analysis,
    attributes,
    connecting,
    contacting,
    history,
    house,
    inboxes,
    own,
    purposes,
    retention,
    suppressions,
)
from careline.web.settings import people as staff
from careline.web.setup import doors as setup
from careline.web.signin import doors as signin
from careline.web.surveys import answering, bringing
from careline.web.surveys import doors as surveys
from careline.web.surveys import reading as answers
from careline.web.tracking import imports, rules, script, sources

desk = [
    path("", page.desk, name="desk"),
    path("/rows", page.rows),
    path("/tabs", page.tabs),
    path("/<int:conversation_id>", page.desk, name="opened"),
    path("/<int:conversation_id>/messages", messages.create),
    path("/<int:conversation_id>/recipients", writing.recipients),
    path("/<int:conversation_id>/earlier", messages.earlier),
    path("/<int:conversation_id>/since", messages.since),
    path("/<int:conversation_id>/closure", state.closure),
    path("/<int:conversation_id>/snooze", state.snooze),
    path("/<int:conversation_id>/place", state.place),
    path("/<int:conversation_id>/assignment", state.assignment),
    path("/<int:conversation_id>/priority", state.priority),
    path("/<int:conversation_id>/tags", state.tags),
    path("/<int:conversation_id>/attributes", describing.attributes),
    path("/<int:conversation_id>/people", accompanying.people),
    path("/<int:conversation_id>/follow", accompanying.follow),
    path("/<int:conversation_id>/seen", state.seen),
    path("/<int:conversation_id>/arranging", arranging.arranging),
    path("/<int:conversation_id>/arranging/<int:seq>", arranging.taken_back),
]

chat = [
    path("<str:key>", chat_page.chat, name="chat"),
    path("<str:key>/files/<str:token>", chat_page.file),
]

settings = [
    path("", own.first, name="settings"),
    path("/own", own.own, name="own_settings"),
    path("/organization", house.organization),
    path("/teams", house.teams),
    path("/attributes", attributes.attributes),
    path("/purposes", purposes.purposes),
    path("/contact", contacting.rules),
    path("/contact/rule", contacting.rule),
    path("/roles", house.roles),
    path("/agents", staff.agents),
    path("/tokens", staff.tokens),
    path("/audit", staff.audit),
    path("/analysis", analysis.analysis),
    path("/retention", retention.retention),
    path("/inboxes", inboxes.inboxes),
    path("/inboxes/connected", connecting.connected),
    path("/inboxes/new/<str:kind>", connecting.begin),
    path("/inboxes/<int:inbox_id>", inboxes.inbox),
    path("/inboxes/<int:inbox_id>/connection", connecting.connection),
    path("/inboxes/<int:inbox_id>/consent", connecting.consent),
    path("/inboxes/<int:inbox_id>/records", connecting.records),
    path("/inboxes/<int:inbox_id>/deliveries/<int:delivery_id>", connecting.delivery),
    path("/suppressions", suppressions.suppressions),
    path("/inboxes/<int:inbox_id>/history", history.histories),
    path("/inboxes/<int:inbox_id>/history/<int:history_id>", history.history),
    path("/sources", sources.sources),
    path("/sources/<int:source_id>", sources.source),
    path("/sources/<int:source_id>/events", sources.events),
    path("/rules", rules.rules),
    path("/imports", imports.imports),
    path("/imports/<int:import_id>", imports.imported),
    path("/imports/<int:import_id>/refused", imports.refused),
]

survey_room = [
    path("", surveys.surveys, name="surveys"),
    path("/new", surveys.create),
    path("/import", bringing.bring),
    path("/import/<int:import_id>", bringing.brought),
    path("/<int:survey_id>", surveys.survey),
    path("/<int:survey_id>/draft", surveys.draft),
    path("/<int:survey_id>/publication", surveys.publication),
    path("/<int:survey_id>/closure", surveys.closure),
    path("/<int:survey_id>/removal", surveys.removal),
    path("/<int:survey_id>/answers", answers.answers),
    path("/<int:survey_id>/results", answers.results),
    path("/<int:survey_id>/export", answers.export),
    path("/answers/<int:response_id>", answers.answer),
]
scores = [
    path("", scoreboard.board, name="scoreboard"),
    path("/export", scoreboard.export),
    path("/paper", reports.board_on_paper),
    path("/reports", reports.reports),
    path("/reports/new", reports.made),
    path("/reports/<int:report_id>", reports.report),
    path("/reports/<int:report_id>/file.pdf", reports.file, {"format": "pdf"}),
    path("/reports/<int:report_id>/file.csv", reports.file, {"format": "csv"}),
    path("/annotations", scoreboard.noted),
    path("/annotations/<int:annotation_id>/removal", scoreboard.annotation_removal),
    path("/views", scoreboard.views),
    path("/views/<int:view_id>/removal", scoreboard.view_removal),
    path("/<str:name>", scoreboard.metric),
]

urlpatterns = [
    path("", page.home),
    path("set-up", setup.set_up, name="set_up"),
    path("sign-in", signin.sign_in, name="sign_in"),
    path("sign-out", signin.sign_out, name="sign_out"),
    path("forgotten", signin.forgotten, name="forgotten"),
    path("resets/<str:key>", signin.reset),
    path("invitations/<str:key>", signin.invitation),
    path("o/<str:token>", leaving.choices),
    path("s/<str:token>", answering.survey),
    path("chat/", include(chat)),
    path("contact/<str:key>", form.form),
    path("contact/<str:key>/sent", form.sent),
    path("widget.js", chat_page.widget),
    path("careline.js", script.script),
    path("files/<uuid:file_id>", files.read),
    path("files/<str:token>", files.linked),
    path("letters/<uuid:message_id>", originals.original),
    path("letters/<uuid:message_id>/pictures/<int:number>", originals.picture),
    path("letters/<uuid:message_id>/raw", originals.raw),
    path("desk", include(desk)),
    path("scoreboard", include(scores)),
    path("settings", include(settings)),
    path("surveys", include(survey_room)),
    path("customers", people.people, name="customers"),
    path("customers/new", people.create),
    path("customers/companies", firms.firms),
    path("customers/companies/new", firms.create),
    path("customers/companies/<int:company_id>", firms.firm),
    path("customers/companies/<int:company_id>/change", firms.change),
    path("customers/export", sheets.export),
    path("customers/import", sheets.take),
    path("customers/<int:person_id>/card", sheets.card),
    path("customers/traits", computing.traits),
    path("customers/traits/new", computing.create),
    path("customers/traits/draft", computing.draft),
    path("customers/traits/<int:trait_id>", computing.trait),
    path("customers/traits/<int:trait_id>/removal", computing.removal),
    path("customers/segments", grouping.segments),
    path("customers/segments/new", grouping.create),
    path("customers/segments/draft", grouping.draft),
    path("customers/segments/<int:segment_id>", grouping.segment),
    path("customers/segments/<int:segment_id>/removal", grouping.removal),
    path("customers/suggestions", merging.suggestions),
    path("customers/suggestions/<int:suggestion_id>/dismissal", merging.dismissal),
    path("customers/<int:person_id>", people.person),
    path("customers/<int:person_id>/moments", people.moments),
    path("customers/<int:person_id>/change", people.change),
    path("customers/<int:person_id>/write", beginning.write),
    path("customers/<int:person_id>/merge", merging.merge),
    path("customers/<int:person_id>/erasure", erasing.erasure),
    path("customers/<int:person_id>/export", erasing.export),
]
