"""Law 4 over every operation there is: a stranger sees nothing, what is not visible is not there, and a role that may
not is told so. The walk is drawn from the OpenAPI document, so a new operation is in it by itself."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from careline.accounts.actor import SYSTEM
from careline.api.document import document
from careline.kit import clock
from tests.api.bodies import (
    ANSWERING,
    BODIES,
    COUNTED,
    FIGURES,
    FOLLOWING,
    HOUSE,
    KEYS,
    LETTERS,
    MADE_BY_NAME,
    NOBODYS,
    OPEN,
    OTHERS,
    QUERIES,
    QUESTIONS,
    SURVEYS,
    TALKS,
)
from tests.api.mailed import by_mail
from tests.api.standing import earned, known, routed, surveyed, talked, topical, won_back, written
from tests.api.uploads import ANSWERS, ROWS, UPLOADS

# What an analyst's role lacks is refused; reading is allowed.
WRITES = {"post", "put", "patch", "delete"}
OPERATIONS = [
    (method, path, said["operationId"])
    for path, methods in document()["paths"].items()
    for method, said in methods.items()
]


def filled(body: Any, names: dict[str, Any]) -> Any:
    """The same with what stands in braces named."""

    def named(value: Any) -> Any:
        if isinstance(value, list):
            return [named(one) for one in value]
        return value.format(**names) if isinstance(value, str) else value

    return body and {key: named(value) for key, value in body.items()}


@pytest.fixture
def own(conversation, inbox, boss):
    """What bodies name."""
    from careline.customers.models import Person
    from careline.service.sla import actions, terms

    other = Person.objects.create(name="Lin Other")
    promise = actions.keep_policy(actions.Ruling(name="Fast", terms=terms.Terms(first=60)), actor=boss)
    return {
        "inbox": inbox.pk, "message": conversation.messages.get().pk, "conversation": conversation.pk,
        "other": other.pk, "agent": boss.agent_id, "promise": promise.pk,
    }  # fmt: skip


@pytest.fixture
def there(conversation, inbox, ada, bo, boss, own):
    """Something of everything that has an address."""
    from careline.accounts.models import Role
    from careline.channels.models import Trial
    from careline.contact import ruling
    from careline.contact.models import Breaker, Hold, Suppression
    from careline.customers import actions as customers
    from careline.customers.models import Identity, Merge, Person, Suggestion
    from careline.experience.surveys.bringing import actions as bringing
    from careline.hooks import actions as hooks
    from careline.insights.computed import verbs as computed
    from careline.insights.live import alerting
    from careline.insights.metrics import noting
    from careline.insights.reports import actions as reports
    from careline.insights.segments import verbs as segments
    from careline.service.assist import saving
    from careline.service.conversations.models import History
    from careline.service.rules import actions as rules
    from careline.tracking import actions as tracking

    company = customers.make_company("Acme", actor=bo).company
    customers.join_company(ada.pk, company.pk, actor=bo)
    customers.define_attribute("plan", "Plan", "text", [], actor=boss)
    customers.define_purpose("plan", "Plans", "", actor=boss)
    ruling.keep_rules("plan", ruling.Rules(label="Plans"), actor=boss)
    segment = segments.save("Open", OPEN, actor=bo)
    computed.save("plan", "Plan", COUNTED, actor=boss)
    identity = Identity.objects.filter(person=ada).first()
    lin, other = Person.objects.create(name="Lin"), Person.objects.get(pk=own["other"])
    Trial.objects.create(inbox=inbox)
    twin = Person.objects.create(name="A. Moreau", canonical=ada)
    return {
        **surveyed(other, boss), "conversation_id": conversation.pk, "message_id": own["message"],
        "customer_id": ada.pk, "identity_id": identity.pk, "promise_id": own["promise"],
        "merge_id": Merge.objects.create(kept=ada, joined=twin, actor_kind="system").pk,
        "suggestion_id": Suggestion.objects.create(one=other, other=lin, evidence=["name"]).pk,
        "source_id": tracking.create_source("Shop", "client", actor=SYSTEM).pk,
        "import_id": tracking.upload([ROWS], name="visits.csv", actor=boss).pk,
        "inbox_id": Breaker.objects.create(place=f"inbox:{inbox.pk}", tripped_at=clock.now()) and inbox.pk,
        "suppression_id": Suppression.objects.create(key="k", reason="complaint").pk,
        "hold_id": Hold.objects.create(person=ada, reason="Asked for silence").pk,
        "company_id": company.pk, "segment_id": segment.pk,
        "history_id": History.objects.create(inbox=inbox, name="years.mbox", state="stopped").pk,
        "annotation_id": noting.annotate(actor=boss, at=clock.now(), words="A release").pk,
        "answers_id": bringing.upload([ANSWERS], name="answers.csv", actor=boss).pk,
        "report_id": reports.make("Ours", actor=boss, every="day", recipients=[boss.agent_id], chosen={}).pk,
        "view_id": noting.keep_view("Ours", {"days": "7"}, actor=boss, shared=True).pk,
        **won_back(conversation, bo, boss), **routed(conversation, boss), **known(conversation), "name": "plan",
        "purpose": "newsletter",
        "kind": "pages", "agent_id": boss.agent_id, "role_id": Role.objects.create(name="Spare").pk,
        "house_rule_id": rules.keep_ready("closing", actor=boss).pk,
        "alert_id": alerting.keep_alert(
            alerting.Wanted(figure="low", limit=5, recipients=[boss.agent_id]), actor=boss
        ).pk,
        **written(boss), **earned(conversation, boss), **talked(conversation, boss), "topic_id": topical(conversation),
        "reply_id": saving.keep("Lost", "Sorry.", language="en", actor=boss).pk,
        "webhook_id": hooks.open_endpoint("Shop", "https://shop.example/hook", actor=boss)[0].pk,
    }  # fmt: skip


@pytest.fixture
def walk(there, own, conversation, inbox, boss, program):
    """Knocks with each operation at the same house: what one changed is undone before the next."""
    from careline.customers.models import Person
    from careline.privacy import actions as privacy

    # Of whom an erasure can be read.
    gone = there | {"customer_id": Person.objects.create(name="Gone").pk}
    privacy.erase(gone["customer_id"], actor=boss)

    def walk(actor, places=there, operations=OPERATIONS):
        knocking, at_home = program(actor), places is there
        for method, path, name in operations:
            named = gone if at_home and name == "get_erasure" else places
            if at_home and name in ("get_metric", "list_metric_cases"):
                named = places | {"name": "nps"}
            at = path.removeprefix("/api/v1/").format(**named) + QUERIES.get(name, "")
            given: dict[str, Any] = {"body": filled(BODIES.get(name), own)}
            if name in UPLOADS:
                kind, number = UPLOADS[name], inbox.pk if name == "upload_history" else places["conversation_id"]
                raw = kind.replace(b"{n}", str(number).encode())
                given = {"raw": raw, "content_type": "multipart/form-data; boundary=b"}
            with transaction.atomic():
                if name in LETTERS:
                    by_mail(inbox, conversation)
                yield method, path, name, knocking.ask(method.upper(), at, **given)
                transaction.set_rollback(True)

    return walk


def test_a_stranger_is_sent_away_from_every_operation(walk):
    for _method, _path, name, answer in walk(None):
        assert answer.told[0] == 401, name


def test_the_owner_and_an_agent_of_the_inbox_may_do_everything(walk, boss, bo):
    for actor in (boss, bo):
        for _method, _path, name, answer in walk(actor):
            if (actor is bo and name in HOUSE | SURVEYS | OTHERS) or (
                (name.startswith("journey_") or name in FIGURES) and not actor.may("reports.view")
            ):
                assert answer.told[0] == 403, name
                continue
            # What does not fit the state of the conversation is no matter of permission.
            assert answer.status < 300 or answer.status == 409, (name, answer.body)


def test_an_agent_without_the_inbox_finds_no_conversation(walk, dee):
    for _method, path, name, answer in walk(dee):
        if name in ("list_conversations", "list_inboxes"):
            assert (answer.status, answer.json["items"]) == (200, []), name
        elif name == "list_touchpoints":
            # That they joined a company happened in no inbox, and neither does a hold.
            found = {one["kind"]: one["inbox_id"] for one in answer.json["items"]}
            assert found == {"group.joined": None, "contact.held": None}
        elif (
            name in TALKS
            or name == "upload_file"
            or any(part in path for part in ("conversation", "segment_id", "history_id", "inbox_id"))
        ):
            # A segment of conversations looks into the inboxes of who made it.
            assert answer.told[0] == 404, name
        elif name in HOUSE | FIGURES | SURVEYS | OTHERS or name.startswith("journey_"):
            assert answer.told[0] == 403, name
        else:
            assert answer.status < 300, (name, answer.body)


def test_whose_role_ends_at_another_team_finds_no_conversation(walk, bo, boss, conversation):
    """As whoever works in other inboxes; what they know of the inbox is that it is there."""
    from careline.accounts import actions as accounts
    from careline.accounts.models import Role
    from careline.service.conversations.models import Conversation

    ours, theirs = (accounts.create_team(name, actor=boss).pk for name in ("Ours", "Theirs"))
    Role.objects.filter(name="agent").update(only_teams=[ours])
    Conversation.objects.update(team_id=theirs)
    for _method, path, name, answer in walk(bo):
        assert b"My order is late" not in answer.body, name
        if name == "list_conversations":
            assert (answer.status, answer.json["items"]) == (200, []), name
        elif name == "list_touchpoints":
            assert {one["inbox_id"] for one in answer.json["items"]} == {None}
        elif "{conversation_id}" in path or name in TALKS or name == "upload_file":
            assert answer.told[0] == 404, name
        else:
            assert answer.status < 300 or answer.told[0] in (403, 404, 409, 422), (name, answer.body)


def test_an_analyst_reads_and_changes_nothing(walk, hire, inbox, conversation):
    from careline.service.conversations.models import Conversation, Message
    from careline.touchpoints.models import Touchpoint

    analyst = hire("Ana Lyst", role="analyst").as_actor((inbox.pk,))

    def state():
        # Some are asked of a conversation that came by mail.
        talk = Conversation.objects.values().get() | {"channel": ""}
        return Message.objects.count(), Touchpoint.objects.count(), talk

    before = state()
    for method, _path, name, answer in walk(analyst):
        if (
            method in WRITES and name not in QUESTIONS | FIGURES | FOLLOWING
        ) or name in HOUSE | KEYS | ANSWERING | OTHERS:
            assert answer.told[0] == 403, name
            assert answer.json["detail"].startswith(("Your role does not allow this", "Whoever made a view")), name
            assert state() == before, name
        else:
            assert answer.status in (200, 201, 202), (name, answer.body)


def test_a_role_without_any_permission_reads_nothing_of_customers(walk, hire, inbox, ada):
    from careline.accounts.models import Role
    from careline.channels.models import Membership

    Role.objects.create(name="nothing", permissions=[])
    agent = hire("No One", role="nothing")
    Membership.objects.create(agent=agent, inbox=inbox)
    for _method, _path, name, answer in walk(agent.as_actor((inbox.pk,))):
        if name in NOBODYS:
            assert answer.status in (200, 201), name
        else:
            assert answer.told[0] in (403, 404), name
        assert ada.name.encode() not in answer.body
        assert b"My order is late" not in answer.body


def test_what_is_not_there_is_told_like_what_is_not_visible(walk, boss):
    named = [one for one in OPERATIONS if "{" in one[1] and one[2] not in MADE_BY_NAME]
    for nowhere in (999_999, 0, "x", 2**63, "%F0%9F%A6%84"):
        named_so = """
            conversation_id message_id customer_id identity_id merge_id suggestion_id source_id inbox_id history_id
            import_id hold_id suppression_id company_id segment_id survey_id response_id plan_id annotation_id view_id
            answers_id report_id agent_id role_id recovery_id known_id incident_id rule_id queue_id skill_id reason_id
            offer_id house_rule_id webhook_id alert_id topic_id article_id collection_id reply_id bot_id rehearsal_id
            phrasing_id language place name kind code answer_id
        """.split()  # noqa: SIM905 - a list would take a line for each
        places = dict.fromkeys((*named_so, "promise_id"), nowhere) | {"purpose": "newsletter"}
        for _method, _path, name, answer in walk(boss, places, named):
            assert answer.told[0] == 404, (name, nowhere)


def test_every_operation_that_takes_a_body_is_walked_with_one():
    taking = {
        said["operationId"] for methods in document()["paths"].values() for said in methods.values()
        if "requestBody" in said
    }  # fmt: skip
    assert taking == {*BODIES, *UPLOADS}
