"""The OpenAPI document against the code: no request drawn from it, sound or broken, gets an answer it does not name."""

from __future__ import annotations

import re

import msgspec
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.generation import GenerationMode

from careline.api import shapes
from careline.api.document import document, encoded

RULES = {
    "checks": {
        # What a schema cannot say is refused with 422: a moment that has passed, a cursor that no list gave.
        "positive_data_acceptance": {"enabled": False},
        # What is too long is refused by its length, before it is read.
        "negative_data_rejection": {
            "expected-statuses": [400, 401, 403, 404, 405, 406, 409, 413, 415, 422, 428, 429, "5xx"]
        },
        # Each request stands by itself here; what a request leaves for the next is tested in the other files.
        "use_after_free": {"enabled": False},
        "ensure_resource_availability": {"enabled": False},
    },
    # Parameters nobody knows are left alone, as the web does.
    "generation": {"database": "none", "allow-extra-parameters": False},
}


def drawn(**phases):
    """The document as requests are drawn from it."""
    config = SchemathesisConfig.from_dict(RULES | {"phases": phases})
    schema = schemathesis.openapi.from_dict(msgspec.json.decode(encoded()), config=config)
    schema.app = get_wsgi_application()
    return schema


# What every member and every limit of it leaves is asked for in the long run (test_schema_long.py).
schema = drawn(coverage={"enabled": False})
QUICK = settings(
    max_examples=3, deadline=None, phases=[Phase.explicit, Phase.generate], derandomize=True,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


@pytest.fixture(autouse=True)
def one_connection(db):
    """The connection of the test, with its open transaction, is not closed between requests."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def known(conversation, inbox, ada, bo, boss, bos):
    """Ids that are there, so that a sound request also reaches what it is about."""
    return {
        "conversation_id": str(conversation.pk), "customer_id": str(ada.pk), "inbox_id": str(inbox.pk),
        "agent_id": str(bo.agent_id),
    }  # fmt: skip


# A word drawn for an id may spell the address of another operation, whose document it is then: `/promises/order`.
PATHS = frozenset(document()["paths"])


def held(case, known, bos) -> None:
    if case.formatted_path != case.path and case.formatted_path in PATHS:
        return
    if case.meta is None or case.meta.generation.mode == GenerationMode.POSITIVE:
        for place in (case.path_parameters, case.query, case.body):
            if isinstance(place, dict):
                place.update({name: known[name] for name in place.keys() & known.keys()})
    case.call_and_validate(headers={"Authorization": f"Bearer {bos.secret}"})


@schema.parametrize()
@QUICK
def test_every_answer_is_one_the_document_names(case, known, bos):
    held(case, known, bos)


def test_every_shape_stands_in_the_document_and_is_used():
    written = msgspec.json.decode(encoded())
    named = set(shapes.__all__)
    assert set(written["components"]["schemas"]) == named
    # Once where it is defined, and wherever something is made of it.
    text = encoded().decode()
    assert [name for name in sorted(named) if f'"#/components/schemas/{name}"' not in text] == []


def test_what_is_told_has_every_field_of_its_shape():
    """A field that could be missing would be one that programs must guess."""
    schemas = document()["components"]["schemas"]
    asked = {
        "Opening", "Speaking", "Who", "Changing", "Assigning", "CustomerMaking", "CustomerChanging", "SourceChanging",
        "Problem", "AttributeDefining", "CompanyChanging", "CompanyMaking", "Erasing", "Importing",
        "MomentAdding", "ImportColumns", "ImportInto", "ImportStarting", "PurposeDefining", "Holding", "Bringing",
        "Copying", "Forwarding", "Splitting", "Rethreading", "InboxMaking", "InboxChanging",
        "Annotating", "ScoreboardViewKeeping", "ContactRuling", "ContactLimiting", "Given", "Responding", "Inviting",
        "SurveyMaking", "SurveyWriting", "Form", "Question", "Option", "Condition", "Quota",
        "IncidentLinking", "RecoveryBeginning", "GoodwillGiving", "RecoveryEnding", "RecoveryRuling", "PlayStep",
        "HouseRuling", "RuleWhen", "AssignStep", "DescribeStep", "MoveStep", "PromiseStep",
        "Planning", "FactTest", "AnswersStarting", "AnswersMeaning", "AnswerColumn", "FieldColumn", "ReportKeeping",
        "RoleMaking", "RoleChanging", "RoleLimits", "Abilities", "SkillLevel", "EscalationStep", "HoursGiven",
        "PromiseTerms", "PolicyRuling", "PresenceSetting", "Queue", "QueueStep", "QueueRuling", "RoutingPolicy",
        "AlertKeeping", "SkillNaming", "ArticleMaking", "ArticlePlacing", "ArticleWriting", "ArticleArchiving",
        "ArticleCollectionWriting", "SavedReplyWriting", "TopicChanging", "Voice", "VoiceWord", "Wording", "BotMaking",
        "BotWriting", "BotTrying", "BotRehearsing", "BotEvent", "BotAnsweringSetting", "BotCorrecting",
        "PhrasingsAdding",
    }  # fmt: skip
    for name, said in schemas.items():
        if name not in asked:
            assert set(said["required"]) == set(said["properties"]), name


def test_every_operation_says_what_it_does_and_how_it_refuses():
    seen = set()
    for path, methods in document()["paths"].items():
        for method, said in methods.items():
            assert said["summary"]
            assert said["operationId"] not in seen
            seen.add(said["operationId"])
            assert {"401", "403", "500", "503"} <= {str(code) for code in said["responses"]}, (method, path)
            assert said["security"] == [{"Bearer": []}]
            if "{" in path:
                assert 404 in said["responses"], (method, path)


def test_the_document_is_for_everybody_and_its_page_too(program):
    stranger = program(None)
    assert stranger.get("openapi.json").json["openapi"] == "3.1.0"
    page = stranger.get("docs")
    assert page.status == 200
    assert page.headers["content-type"].startswith("text/html")
    text = page.body.decode()
    for methods in document()["paths"].values():
        for said in methods.values():
            assert f'id="{said["operationId"]}"' in text
    for name in shapes.__all__:
        assert f'id="shape-{name}"' in text
    assert "http://127.0.0.1:8000/api/v1/conversations" in text
    # What is no JSON says what it is instead of pointing at a shape.
    assert "text/csv, text/vcard" in text
    assert 'href="#shape-"' not in text
    # Nothing of it comes from elsewhere.
    addresses = re.findall(r'(?:src|href)="([^"]+)"', text)
    assert [one for one in addresses if not one.startswith(("/", "#"))] == []
