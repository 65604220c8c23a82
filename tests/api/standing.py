"""What a house has that has an address: each answers with its numbers."""

from __future__ import annotations

from careline.kit import clock


def surveyed(person, boss) -> dict[str, int]:
    """A survey that is open, a link of somebody's own, and a plan."""
    from careline.experience.surveys import actions, beginnings
    from careline.experience.surveys.sending import planning
    from careline.experience.surveys.sending.shapes import Planned

    survey = actions.create("Help", beginnings.form(beginnings.named("help"), "en"), actor=boss)
    actions.publish(survey.pk, actor=boss)
    plan = planning.make_plan(survey.pk, Planned(name="After help", kind="after"), actor=boss)
    invited = actions.invite(survey.pk, person.pk, actor=boss)
    return {"survey_id": survey.pk, "response_id": invited.pk, "plan_id": plan.pk}


def won_back(conversation, bo, boss) -> dict[str, int]:
    """A recovery that runs, in which agents and owners may give something."""
    from careline.accounts.models import Role
    from careline.service.recovery import actions, queries

    for role in Role.objects.all():
        actions.allow(role.pk, 1000, actor=boss)
    begun = actions.begin(conversation.pk, actor=bo)
    return {"recovery_id": begun.pk, "place": 1, "rule_id": queries.rules(boss)[0].pk}


def routed(conversation, boss) -> dict[str, int]:
    """A queue, a skill, a reason, and a conversation that is offered to the owner."""
    from datetime import timedelta

    from careline.service.routing import actions
    from careline.service.routing.models import Offer

    now = clock.now()
    offer = Offer.objects.create(
        conversation=conversation, agent_id=boss.agent_id, made_at=now, since=now, due_at=now + timedelta(hours=1),
        because={"waited_s": 1, "why": "only_one"},
    )  # fmt: skip
    return {
        "queue_id": actions.keep_queue(actions.Ruling(name="Mail", is_on=False), actor=boss).pk,
        "skill_id": actions.keep_skill("Billing", actor=boss).pk,
        "reason_id": actions.keep_reason("Training", "busy", actor=boss).pk, "offer_id": offer.pk,
    }  # fmt: skip


def earned(conversation, boss) -> dict[str, int | str]:
    """An intent, and an answer that was held."""
    from careline.service.assist.models import Sample
    from careline.service.intents import actions

    actions.keep("order_status", "Where my order is", actor=boss)
    sample = Sample.objects.create(
        conversation=conversation, inbox_id=conversation.inbox_id, intent="order_status", source="saved", item=1,
        taken=20, of=20,
    )  # fmt: skip
    return {"code": "order_status", "answer_id": sample.pk}


def written(boss) -> dict[str, int | str]:
    """An article that readers see, and a collection without any."""
    from careline.service.knowledge import actions
    from careline.service.knowledge.shapes import Placed, Written

    made = actions.create(Written(title="A parcel", body="It comes."), Placed(), actor=boss, language="en")
    actions.publish(made.pk, actor=boss)
    collection = actions.keep_collection({"en": "Parcels"}, actor=boss)
    return {"article_id": made.article_id, "collection_id": collection.pk, "language": "en"}


def known(conversation) -> dict[str, int]:
    """What the customer said in it, taken for an order's number, and an incident it is of."""
    from careline.service.assist.models import Given, Incident, Linked
    from careline.service.conversations.models import Message

    said = Message.objects.filter(conversation=conversation.pk).order_by("seq")[0]
    given = Given.objects.create(
        person_id=conversation.person_id, message=said, kind="order", value="A-1042", key="A1042",
        said_at=said.occurred_at,
    )  # fmt: skip
    trouble = Incident.objects.create(name="Courier")
    Linked.objects.create(conversation_id=conversation.pk, incident=trouble)
    return {"known_id": given.pk, "incident_id": trouble.pk}


def topical(conversation) -> int:
    """A topic with this conversation in it."""
    from careline.insights.models import Membership, Topic

    topic = Topic.objects.create(name="parcel", words=["parcel"], center=b"", model_id="none", language="en")
    Membership.objects.create(
        topic=topic, conversation=conversation, said_at=clock.now(), language="en", mood="neutral"
    )
    return topic.pk


def talked(conversation, boss) -> dict[str, int | str]:
    """A bot with a rehearsal, an intent with a phrasing, and what a bot took the customer's message for."""
    from careline.service.bots import beginnings
    from careline.service.bots.models import Judged
    from careline.service.conversations.models import Message
    from careline.service.intents import actions
    from careline.service.intents.models import Phrasing

    bot = beginnings.begin("returns", actor=boss, called="Standing")
    actions.keep("order_status", "Where my order is", actor=boss)
    actions.phrase("order_status", ["My order is late"], actor=boss, language="en")
    said = Message.objects.filter(conversation=conversation.pk).order_by("seq")[0]
    Judged.objects.create(conversation=conversation, inbox_id=conversation.inbox_id, message_id=said.pk, band="refuse")
    return {
        "bot_id": bot.pk, "rehearsal_id": bot.rehearsals.order_by("pk")[0].pk, "code": "order_status",
        "phrasing_id": Phrasing.objects.get().pk,
    }  # fmt: skip
