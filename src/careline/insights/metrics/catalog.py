"""All metrics there are, in the order in which they are read; and those that wait for something to be recorded."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import gettext_noop as n_

from careline.insights.metrics.definitions import Definition, Waiting

_TALK = ("conversation.opened", "conversation.marked")
_SOLVED = (*_TALK, "conversation.resolved", "conversation.reopened")
_ASKED = n_("Of the customers whose conversation began in the period, the share who answered in it.")
_RIPE = n_("Of all there are in the period, the share that is old enough to tell.")
_KNOWN = n_("Of the conversations that began in the period, the share of which this is known.")
_ALL = n_("All of them.")
_WEEK = timedelta(days=7)
_WAITS = date(2026, 11, 24)
_BUILT = "Careline's own"

EFFICIENCY = (
    Definition(
        name="first_response_time", title=n_("First reply"), area="efficiency", about="talk", kind="median",
        unit="seconds", better="low", reads=(*_TALK, "message.sent"),
        counted="the time from the first word of the customer to the first reply a person wrote or let a "
        "program write",
        among="conversations that customers began and that were answered", clock="when the conversation began",
        formula=n_("The median time from the customer's first word to our first reply by hand, by the clock on "
        "the wall. Automatic answers do not stop it."),
        coverage=_KNOWN, source="Zendesk's first reply time",
    ),
    Definition(
        name="first_response_time_business", title=n_("First reply, in working hours"), area="efficiency",
        about="talk",
        kind="median", unit="seconds", better="low", reads=(*_TALK, "message.sent"),
        counted="the same time, of which only open hours count", among="conversations that customers began and "
        "that were answered",
        clock="when the conversation began",
        formula=n_("The same median, counting only hours in which a business calendar was open at that very moment."),
        coverage=_KNOWN, source="Zendesk's first reply time in business hours",
    ),
    Definition(
        name="resolution_time", title=n_("Time to the end"), area="efficiency", about="talk", kind="median",
        unit="seconds", better="low", reads=_SOLVED, counted="the time from the beginning to the last resolution",
        among="conversations that customers began and that are resolved", clock="when it was resolved last",
        formula=n_("The median time from the beginning of a conversation to its last resolution; one that is "
        "open again is left out."),
        coverage=_ALL, source="Zendesk's full resolution time",
    ),
    Definition(
        name="resolution_time_business", title=n_("Time to the end, in working hours"), area="efficiency",
        about="talk",
        kind="median", unit="seconds", better="low", reads=_SOLVED, counted="the same time, of which only open "
        "hours count",
        among="conversations that customers began and that are resolved", clock="when it was resolved last",
        formula=n_("The same median, counting only hours in which a business calendar was open at that very moment."),
        coverage=_ALL, source="Zendesk's full resolution time in business hours",
    ),
    Definition(
        name="first_resolution_time", title=n_("Time to the first resolution"), area="efficiency", about="talk",
        kind="median", unit="seconds", better="low", reads=_SOLVED,
        counted="the time from the beginning to the first resolution",
        among="conversations that customers began and that were resolved", clock="when it was resolved first",
        formula=n_("The median time from the beginning of a conversation to its first resolution, whatever came "
        "after."),
        coverage=_ALL, source="Zendesk's first resolution time",
    ),
    Definition(
        name="resolution_rate", title=n_("Resolved within a week"), area="efficiency", about="talk", kind="share",
        unit="percent", maturity=_WEEK, reads=_SOLVED, counted="those resolved within 7 × 24 hours of their "
        "beginning",
        among="conversations that customers began, at least 7 × 24 hours ago", clock="when the conversation began",
        formula=n_("Of the conversations customers began, the share that was resolved within 7 × 24 hours. "
        "Younger ones are left out."),
        coverage=_RIPE, source="a cohort, so it cannot exceed 100 %",
    ),
    Definition(
        name="fcr", title=n_("Solved at first contact"), area="efficiency", about="talk", kind="share",
        unit="percent",
        maturity=_WEEK, reads=(*_SOLVED, "conversation.assigned"),
        counted="those that within 7 × 24 hours were resolved, were not opened again by the customer, did not "
        "pass from team to team and were followed by no other contact of the same customer on any channel",
        among="first contacts: conversations that customers began, without another one of theirs in the 7 × 24 "
        "hours before, at least 7 × 24 hours ago",
        clock="when the conversation began",
        formula=n_("Of first contacts, the share resolved within 7 × 24 hours without being opened again, "
        "passed between teams or followed by another contact of the customer on any channel. Younger ones are "
        "left out."),
        coverage=_RIPE, source="operational first contact resolution; any matter, until intents are recorded",
    ),
    Definition(
        name="reopen_rate", title=n_("Opened again"), area="efficiency", about="talk", kind="share", unit="percent",
        better="low", maturity=timedelta(days=14), reads=_SOLVED,
        counted="those the customer opened again within 14 × 24 hours of the first resolution",
        among="conversations that customers began and that were resolved first at least 14 × 24 hours ago",
        clock="when it was resolved first",
        formula=n_("Of the conversations that were resolved, the share the customer opened again within 14 × 24 "
        "hours. Younger ones are left out."),
        coverage=_RIPE, source=_BUILT,
    ),
    Definition(
        name="delivery_on_time", title=n_("Delivered as promised"), area="efficiency", about="delivery", kind="share",
        unit="percent", reads=("order.delivered",), counted="those that came on the promised day or before",
        among="deliveries of which it is known by how many days they were late", clock="when it was delivered",
        formula=n_("Of the deliveries with a promised day, the share that came by it."), coverage=_ALL, source=_BUILT,
    ),
    Definition(
        name="promises_kept", title=n_("Promises kept"), area="efficiency", about="promise", kind="share",
        unit="percent", reads=("promise.met", "promise.broken"), counted="those that were kept in time",
        among="promises of a first reply, a next reply and a resolution that were kept or broken",
        clock="when it was kept, or when it was due and broken",
        formula=n_("Of the promises that were kept or broken, the share kept in time, each by the terms in force "
        "then. What was dropped is neither."),
        coverage=_ALL, source=_BUILT,
    ),
    Definition(
        name="service_level", title=n_("Service level"), area="efficiency", about="wait", kind="share", unit="percent",
        changed_on=_WAITS, reads=(*_TALK, "queue.left"),
        counted="those an agent took within the target the queue had then",
        among="waits in a queue that an agent ended, or that the customer gave up after the target",
        clock="when the wait ended",
        formula=n_("Of the waits in a queue, the share somebody took within the queue's target. Who gave up within "
        "it is left out; who gave up later counts as missed."),
        coverage=_ALL, source="abandoned within the target ignored, as Cisco calls it; formula #4 of ICMI's comparison",
    ),
    Definition(
        name="service_level_strict", title=n_("Service level, strict"), area="efficiency", about="wait",
        kind="share",
        unit="percent", changed_on=_WAITS, reads=(*_TALK, "queue.left"),
        counted="those an agent took within the target the queue had then",
        among="waits in a queue that an agent ended or the customer gave up", clock="when the wait ended",
        formula=n_("Of all waits in a queue, the share somebody took within the queue's target: whoever gave up, "
        "however soon, counts as missed."),
        coverage=_ALL, source="abandoned counted as missed; formula #3 of ICMI's comparison",
    ),
    Definition(
        name="abandonment", title=n_("Given up waiting"), area="efficiency", about="wait", kind="share",
        unit="percent", better="low", changed_on=_WAITS, reads=(*_TALK, "queue.left"),
        counted="those the customer gave up",
        among="waits in a queue that an agent ended, or that the customer gave up after 5 seconds or more",
        clock="when the wait ended",
        formula=n_("Of the waits in a queue, the share the customer gave up. Who gave up within 5 seconds is left "
        "out."),
        coverage=_ALL, source="abandonment without short abandons",
    ),
    Definition(
        name="contacts", title=n_("Contacts"), area="efficiency", about="talk", kind="count", unit="count", better="",
        reads=_TALK, counted="conversations that customers began", among="all of them", clock="when the "
        "conversation began",
        formula=n_("How many conversations customers began."), coverage=_ALL, source=_BUILT,
    ),
)  # fmt: skip
SATISFACTION = (
    Definition(
        name="csat", title=n_("Content with the answer (CSAT)"), area="satisfaction", about="answer", kind="share",
        unit="percent", reads=("survey.answered",),
        counted="answers in the top boxes: the highest one of 2 or 3, two of 4 to 7, three of 8 to 10",
        among="answers of the metric csat with a score on a scale of 2 to 10", clock="when it was answered",
        formula=n_("Of the answers, the share in the top boxes: 4 and 5 of 5; one of 2 or 3, two of 4 to 7, "
        "three of 8 to 10."),
        coverage=_ASKED, source="top-2-box; other scales as Formbricks maps them",
    ),
    Definition(
        name="ces", title=n_("Ease of getting help (CES)"), area="satisfaction", about="answer", kind="share",
        unit="percent", reads=("survey.answered",), counted="answers of 5, 6 or 7",
        among="answers of the metric ces from 1 to 7", clock="when it was answered",
        formula=n_("Of the answers to “they made it easy for me”, from 1 to 7, the share of 5, 6 and 7."),
        coverage=_ASKED, source="Customer Effort Score 2.0, high is good",
    ),
    Definition(
        name="ces1", title=n_("Effort as it was once asked (CES 1)"), area="satisfaction", about="answer",
        kind="mean",
        unit="points", better="low", reads=("survey.answered",), counted="the sum of scores",
        among="answers of the metric ces1 from 1 to 5", clock="when it was answered",
        formula=n_("The mean of imported answers to “how much effort did it take”, from 1 to 5. Never mixed "
        "with ease, never turned round."),
        coverage=_ASKED, source="Customer Effort Score 1.0, low is good; imported only",
    ),
    Definition(
        name="answers", title=n_("Answers"), area="satisfaction", about="answer", kind="count", unit="count",
        better="",
        reads=("survey.answered",), counted="answers with a score", among="all of them", clock="when it was answered",
        formula=n_("How many answers to surveys there were."), coverage=_ALL, source=_BUILT,
    ),
)  # fmt: skip
LOYALTY = (
    Definition(
        name="nps", title=n_("Would recommend (NPS)"), area="loyalty", about="answer", kind="nps", unit="points",
        reads=("survey.answered",), counted="answers of 9 and 10 less answers of 0 to 6",
        among="answers of the metric nps from 0 to 10", clock="when it was answered",
        formula=n_("The share of answers of 9 and 10 less the share of 0 to 6. Zero is an answer."),
        coverage=_ASKED, source="Net Promoter Score; adjusted Wald interval (Rocks 2016)",
    ),
    Definition(
        name="retention", title=n_("Came back after a month"), area="loyalty", about="presence", kind="share",
        unit="percent", maturity=timedelta(days=60), reads=("everything customers do",),
        counted="those who did something from the 30th to before the 60th day after their first moment",
        among="customers who did something for the first time in the period, at least 60 × 24 hours ago",
        clock="the customer's first moment",
        formula=n_("Of the customers who first did something in the period, the share who did something again "
        "30 to 60 days later. Days are 24 hours from their own first moment; younger ones are left out."),
        coverage=_RIPE, source="bracket retention as Amplitude has it, without rounding hours",
    ),
    Definition(
        name="repeat_purchase_rate", title=n_("Bought again"), area="loyalty", about="purchase", kind="share",
        unit="percent", maturity=timedelta(days=90), reads=("order.placed",),
        counted="those who placed a second order within 90 × 24 hours",
        among="customers whose first order was placed in the period, at least 90 × 24 hours ago",
        clock="the customer's first order",
        formula=n_("Of the customers who first ordered in the period, the share who ordered again within 90 × "
        "24 hours. Younger ones are left out."),
        coverage=_RIPE, source="fixed horizon, mature cohorts only",
    ),
    Definition(
        name="orders", title=n_("Orders"), area="loyalty", about="purchase", kind="count", unit="count", better="",
        reads=("order.placed",), counted="orders", among="all of them", clock="when it was placed",
        formula=n_("How many orders were placed."), coverage=_ALL, source=_BUILT,
    ),
)  # fmt: skip
EMOTION = (
    Definition(
        name="effort", title=n_("Effort, from behavior"), area="emotion", about="talk", kind="mean", unit="points",
        better="low", reads=(*_TALK, "effort.counted"),
        counted="the sum of further contacts, late answers, transfers and changes of channel, each at most 3",
        among="conversations that customers began", clock="when the conversation began",
        formula=n_("The mean of what a conversation cost the customer: further contacts, late answers, "
        "transfers and changes of channel, each counted up to 3 and weighed alike. It is counted, not asked."),
        coverage=_ALL, source="the drivers Dixon and others name; no standard formula exists",
    ),
    Definition(
        name="contact_rate", title=n_("Contacts for each order"), area="emotion", about="talk", kind="rate",
        of="orders",
        unit="ratio", better="low", reads=(*_TALK, "order.placed"), counted="conversations that customers began",
        among="orders placed", clock="when the conversation began; when the order was placed",
        formula=n_("The conversations customers began in the period, for each order that was placed in it."),
        coverage=_ALL, source=_BUILT,
    ),
    Definition(
        name="re_ask_rate", title=n_("Asked again for what was given"), area="emotion", about="talk", kind="share",
        unit="percent", better="low", reads=(*_TALK, "message.sent", "question.repeated"),
        counted="those in which a reply asked for something the customer had given already: in the conversation, of "
        "themselves in the year before, or in their profile",
        among="conversations that customers began and that were answered", clock="when the conversation began",
        formula=n_("Of the conversations customers began and we answered, the share in which a reply asked for an "
        "order number, address, phone or the like that the customer had given already. Read from the words, in "
        "English, Indonesian and Arabic; in doubt it is not counted."),
        coverage=_KNOWN, source="repeating information is among the drivers Dixon and others name",
    ),
    Definition(
        name="negative_sentiment", title=n_("Ended on bad words"), area="emotion", about="talk", kind="share",
        unit="percent", better="low", reads=(*_TALK, "message.weighed"),
        counted="those whose customer's last third of messages was negative, at -0.05 or less in the mean",
        among="conversations that customers began and whose words could be weighed", clock="when the "
        "conversation began",
        formula=n_("Of the conversations whose words could be weighed, the share in which the customer's last "
        "third was negative."),
        coverage=_KNOWN, source="classes of VADER at ±0.05",
    ),
    Definition(
        name="sentiment_shift", title=n_("Mood, from first to last word"), area="emotion", about="talk", kind="mean",
        unit="points", reads=(*_TALK, "message.weighed"),
        counted="the mean of the customer's last third of messages less that of the first third",
        among="conversations that customers began and whose words could be weighed", clock="when the "
        "conversation began",
        formula=n_("The mean of the customer's last third of messages less their first third; words are weighed "
        "from -1 to 1."),
        coverage=_KNOWN, source=_BUILT,
    ),
)  # fmt: skip

DEFINITIONS = {one.name: one for one in (*EFFICIENCY, *SATISFACTION, *LOYALTY, *EMOTION)}
WAITING = {
    one.name: one
    for one in (
        Waiting("aht", n_("Handling time"), "efficiency", n_("Waits for calls and for how long agents have a "
        "conversation open.")),
        Waiting("occupancy", n_("Occupancy"), "efficiency", n_("Waits for handling time.")),
        Waiting("adherence", n_("Adherence"), "efficiency", n_("Waits for the schedules of agents.")),
        Waiting("fcr_stated", n_("Solved at first contact, as customers say"), "satisfaction", n_("Waits for a "
        "survey question that asks it.")),
        Waiting("churn", n_("Lost customers"), "loyalty", n_("Waits for contracts, or for predictions where "
        "there are none.")),
        Waiting("clv", n_("Customer lifetime value"), "loyalty", n_("Waits for margins of orders and for "
        "predictions.")),
        Waiting("journey_sentiment", n_("Mood along the journey"), "emotion", n_("Waits for the stages of "
        "journeys.")),
        Waiting("health_score", n_("Health of a customer"), "emotion", n_("Waits for measures the house chooses "
        "and for outcomes to test them against.")),
    )
}  # fmt: skip
NAMES = (*DEFINITIONS, *WAITING)
