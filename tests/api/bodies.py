"""What each operation of the API is asked with by whoever walks them all, and whose matter it is."""

from __future__ import annotations

from typing import Any

# A request that is in order, for the operations that take one. Everything an operation takes is here or it fails below.
OPEN = {"of": "service", "what": "open"}
COUNTED = {"how": "count", "kind": "order.placed"}
FLOW = """name = "Hello"
start = "bye"

[steps.bye]
do = "end"
"""
BODIES: dict[str, Any] = {
    "open_conversation": {"inbox_id": "{inbox}", "body": "Hm"},
    "change_conversation": {"priority": 2},
    "write_message": {"body": "Hm"},
    "assign_conversation": {"agent_id": None},
    "split_conversation": {"message_id": "{message}"},
    "move_message": {"conversation_id": "{conversation}"},
    "bring_history": {"account": True},
    "say_mood": {"label": "negative"},
    "link_incident": {"conversation_ids": ["{conversation}"], "name": "Courier"},
    "answer_incident": {"body": "Sorry {{name}}", "once": "a"},
    "check_questions": {"body": "What is your order number?"},
    "forward_message": {"to": ["warehouse@example.com"], "body": "Can you look?"},
    "change_copies": {"add": ["lin@example.com"]},
    "make_inbox": {"kind": "webchat", "name": "Chat"},
    "change_inbox": {"name": "Chat"},
    "snooze_conversation": {"until": "2030-01-01T00:00:00Z"},
    "make_customer": {"name": "Lin"},
    "change_customer": {"name": "Lin"},
    "make_source": {"name": "Shop", "side": "server"},
    "change_source": {"name": "Shop"},
    "add_identity": {"kind": "email", "value": "lin@example.com"},
    "merge_customers": {"other_id": "{other}"},
    "add_touchpoint": {"way": "call", "words": "Asked for the price"},
    "make_company": {"name": "Acme"},
    "change_company": {"name": "Acme"},
    "make_segment": {"name": "Busy", "rule": OPEN | {"times": 2}},
    "change_segment": {"name": "Open", "rule": OPEN},
    "count_segment": {"rule": OPEN},
    "define_computed_trait": {"label": "Orders", "formula": COUNTED},
    "preview_computed_trait": {"formula": COUNTED},
    "import_customers": {"text": "Name,Mail\nBea,bea@example.com\n"},
    "define_attribute": {"label": "Plan", "type": "text"},
    "ask_attribute": {"conditions": {}},
    "define_purpose": {"label": "News"},
    "keep_contact_rule": {"label": "NPS"},
    "say_consent": {"given": True},
    "hold_customer": {"reason": "Asked for silence"},
    "erase_customer": {},
    "set_period": {"days": 90},
    "put_signature": {"signature": "Kind regards"},
    "preview_import": {},
    "start_import": {},
    "make_article": {"title": "Send it back", "language": "en", "body": "Within 30 days."},
    "place_article": {"audience": "agents"},
    "write_article": {"title": "Send it back", "body": "Within 14 days."},
    "archive_article": {},
    "make_article_collection": {"names": {"en": "Orders"}},
    "change_article_collection": {"names": {"en": "Orders"}},
    "check_draft": {"body": "Hm"},
    "word_reply": {"how": "kinder", "body": "Hm"},
    "translate_message": {"language": "id"},
    "make_saved_reply": {"name": "Late", "body": "Sorry.", "language": "en"},
    "keep_saved_reply": {"name": "Late", "body": "Sorry.", "language": "en"},
    "keep_voice": {"manner": "formal"},
    "switch_earned_intent": {"on": False},
    "keep_earning": {"least": 20, "every": 10},
    "review_own_answer": {"right": True},
    "make_bot": {"template": "blank"},
    "write_bot": {"text": FLOW},
    "try_bot": {"events": [{"heard": "Hello"}]},
    "rehearse_bot": {"name": "Hello", "events": [{"heard": "Hello"}]},
    "keep_bot_answering": {"on": True},
    "keep_intent": {"name": "An order"},
    "add_phrasings": {"texts": ["Where is it?"]},
    "correct_judgement": {"right": True},
    "make_survey": {"name": "After help", "beginning": "help"},
    "write_survey": {"form": {"languages": ["en"]}},
    "make_plan": {"name": "After help", "kind": "after"},
    "change_plan": {"name": "After help", "kind": "after", "share": 50},
    "add_response": {"answers": {"csat": {"value": 4}}},
    "invite_to_survey": {"customer_id": "{other}"},
    "weigh_effort": {"way": "alike"},
    "make_annotation": {"at": "2026-03-01T10:00:00Z", "words": "A release"},
    "begin_recovery": {"conversation_id": "{conversation}"},
    "do_recovery_step": {"done": True},
    "change_topic": {"name": "Late parcels"},
    "give_goodwill": {"amount_minor": 100, "once": "one"},
    "end_recovery": {"outcome": "reached"},
    "make_recovery_rule": {"cause": "promise"},
    "keep_recovery_rule": {"cause": "answer", "metric": "nps", "at_most": 3},
    "make_rule": {"name": "One", "when": {"kind": "message.received"}, "then": [{"do": "tag", "tags": ["x"]}]},
    "keep_rule": {"name": "Two", "when": {"kind": "message.sent"}, "then": [{"do": "tag", "tags": ["x"]}]},
    "try_rule": {"name": "One", "when": {"kind": "message.received"}, "then": [{"do": "tag", "tags": ["x"]}]},
    "add_ready_rule": {"ready": "closing"},
    "order_rules": {"rules": []},
    "make_webhook": {"name": "Shop", "url": "https://shop.example/hook"},
    "preview_answers": {},
    "start_answers": {"name": "Years before"},
    "make_report": {"name": "Weekly", "every": "week", "recipients": ["{agent}"]},
    "keep_report": {"name": "Weekly", "every": "week", "recipients": ["{agent}"]},
    "make_alert": {"figure": "waiting", "limit": 5, "recipients": ["{agent}"]},
    "keep_alert": {"figure": "soon", "limit": 5, "recipients": ["{agent}"]},
    "make_queue": {"name": "Everything"},
    "keep_queue": {"name": "Everything"},
    "keep_routing": {"capacity": 8},
    "make_skill": {"name": "Arabic", "language": "ar"},
    "keep_skill": {"name": "Arabic"},
    "keep_abilities": {"skills": [], "capacity": 4},
    "keep_presence": {"status": "busy"},
    "make_status_reason": {"name": "Lunch", "status": "break"},
    "keep_hours": {"places": {}},
    "make_promise": {"name": "Usual", "terms": {"first": 60}},
    "keep_promise": {"name": "Usual", "terms": {"first": 30}},
    "order_promises": {"ids": ["{promise}"]},
    "choose_promise": {"promise_id": None},
    "make_role": {"name": "Night", "permissions": ["conversations.view"]},
    "change_role": {"name": "Day"},
    "limit_role": {"networks": ["127.0.0.0/8"]},
    "keep_scoreboard_view": {"name": "Mine", "chosen": {"days": "7"}},
}
# Matters of the house, and giving out or erasing what is known of customers: an agent may not.
WRITING = {
    "make_article", "place_article", "write_article", "publish_article", "withdraw_article", "archive_article",
    "restore_article", "make_article_collection", "change_article_collection", "drop_article_collection",
    "import_articles", "make_saved_reply", "keep_saved_reply", "drop_saved_reply", "keep_voice",
}  # fmt: skip
BOTS = {
    "list_bots", "make_bot", "list_bot_templates", "get_bot", "write_bot", "drop_bot", "publish_bot",
    "list_bot_versions", "try_bot", "list_bot_rehearsals", "rehearse_bot", "accept_bot_rehearsal", "drop_bot_rehearsal",
    "list_intents", "keep_intent", "drop_intent", "list_phrasings", "add_phrasings", "drop_phrasing",
    "get_bot_answering", "keep_bot_answering", "get_bot_quality",
}  # fmt: skip
HOUSE = WRITING | BOTS | {
    "list_language_model_calls",
    "keep_contact_rule", "drop_contact_rule",
    "list_sources", "make_source", "change_source", "define_attribute", "drop_attribute", "ask_attribute",
    "unask_attribute",
    "list_periods", "get_period", "set_period", "export_customer", "export_customers", "erase_customer",
    "list_imports", "upload_import", "get_import", "preview_import", "start_import", "stop_import", "drop_import",
    "list_refused_rows", "list_histories", "bring_history", "upload_history", "get_history", "list_left_out",
    "go_on_history", "stop_history", "drop_history", "define_purpose", "drop_purpose", "reset_breaker", "make_inbox",
    "change_inbox", "get_inbox", "get_trial", "try_inbox", "get_dns", "make_inbox_key", "list_visits",
    "make_alert", "keep_alert", "drop_alert",
    "list_queues", "make_queue", "get_queue", "keep_queue", "drop_queue", "get_routing", "keep_routing", "list_skills",
    "make_skill", "keep_skill", "drop_skill", "get_abilities", "keep_abilities", "make_status_reason",
    "drop_status_reason", "keep_presence", "list_unreadable", "put_signature", "make_recovery_rule",
    "keep_recovery_rule", "drop_recovery_rule",
    "list_rules", "make_rule", "get_rule", "keep_rule", "drop_rule", "add_ready_rule", "order_rules", "try_rule",
    "activate_rule", "deactivate_rule", "list_rule_firings", "list_webhooks", "make_webhook", "drop_webhook",
    "get_hours", "keep_hours", "list_promises", "make_promise", "get_promise", "keep_promise", "drop_promise",
    "order_promises",
    "list_earned_intents", "switch_earned_intent", "get_earning", "keep_earning", "list_own_answers",
    "review_own_answer",
    "make_role", "change_role", "drop_role", "limit_role", "list_audit", "list_sessions", "end_sessions",
}  # fmt: skip
# Asking customers is the work of some roles; analysts and leads read what was answered.
SURVEYS = {
    "list_surveys", "make_survey", "get_survey", "write_survey", "remove_survey", "publish_survey", "close_survey",
    "survey_results", "list_responses", "add_response", "get_response", "invite_to_survey", "export_responses",
    "list_plans", "make_plan", "get_plan", "change_plan", "drop_plan", "activate_plan", "deactivate_plan",
    "forecast_plan", "list_invitations", "survey_code", "upload_answers", "preview_answers", "start_answers",
}  # fmt: skip
# What only mails have.
LETTERS = {
    "get_envelope", "change_copies", "forward_message", "get_trial", "try_inbox", "get_dns", "make_inbox_key",
    "list_visits",
}  # fmt: skip
# Of a conversation, though its number does not stand in the address.
TALKS = {
    "accept_offer",
    "refuse_offer",
    "link_incident",
    "get_incident",
    "answer_incident",
    "close_incident",
    "begin_recovery",
    "get_recovery",
    "do_recovery_step",
    "give_goodwill",
    "end_recovery",
    "get_judgement",
    "correct_judgement",
}
# Whoever may see a conversation may follow it, and whoever signs in keeps views of their own.
FOLLOWING = {"follow_conversation", "unfollow_conversation", "keep_scoreboard_view"}
# Of the house or of oneself, and of no customer.
NOBODYS = {
    "list_inboxes", "list_agents", "list_teams", "get_breaker", "list_scoreboard_views", "keep_scoreboard_view",
    "get_signature", "get_presence", "list_status_reasons", "list_offers", "list_roles",
}  # fmt: skip
# Somebody else's own.
OTHERS = {"remove_scoreboard_view", "accept_offer", "refuse_offer"}
# A question too long for an address is asked with a body; it changes nothing.
QUESTIONS = {"check_questions", "count_segment", "preview_computed_trait"}
# What is worked out of customers changes nothing of them: who reads figures says how they are made.
FIGURES = {
    "define_computed_trait", "drop_computed_trait", "make_annotation", "remove_annotation", "list_reports",
    "make_report", "get_report", "keep_report", "remove_report", "list_report_sendings", "send_report",
    "export_report", "recovery_outcomes", "get_board", "list_behind_board", "get_board_history", "list_alerts",
    "get_alert", "get_effort_weights", "weigh_effort", "list_topics", "get_topic", "change_topic",
    "list_topic_members", "get_topic_search", "search_topics",
}  # fmt: skip
# What is not there yet is made under its own name.
MADE_BY_NAME = {"keep_intent", "define_attribute", "define_purpose", "keep_contact_rule", "define_computed_trait"}
# Whoever holds the address may speak for the customer, so it is given to those who may themselves.
KEYS = {"get_opt_out"}
# What helps to answer is for those who answer.
ANSWERING = {"suggest_replies", "list_saved_replies", "get_voice"}
# What cannot be asked without saying what.
QUERIES = {
    "journey_funnel": "?steps=page.viewed,order.placed",
    "journey_between": "?start=page.viewed&finish=order.placed",
    "journey_flows": "?start=page.viewed",
    "search_articles": "?q=parcel",
    "get_contact_outlook": "?purpose=surveys&channel=api",
}
