"""Every name and text somebody types into a page of the house: kept byte for byte, or refused with a word."""

from __future__ import annotations

import itertools

import pytest
from django.test import Client

from careline.accounts import sessions
from careline.accounts.models import Agent, Invitation, Organization, Role, Team, Token
from careline.channels.models import Inbox
from careline.customers.models import Identity, Person
from careline.files.models import StoredFile
from tests.web.screens.naughty import EXTENT, Text, strings

FIRM = {"what": "firm", "zone": "UTC", "currency": "EUR", "country": "GB", "languages": ["en"]}
PROFILE = {"what": "profile", "language": "en", "zone": "UTC", "theme": "system", "density": "comfortable"}
_count = itertools.count(1)


def newest(model, field):
    return lambda: getattr(model.objects.order_by("-pk").first(), field)


@pytest.fixture
def fields(boss, ada, inbox, conversation):
    """Name of a field -> where it is sent, with what, and what was kept."""
    role = str(Role.objects.get(name="agent").pk)
    room = f"/settings/inboxes/{inbox.pk}"

    def setting(name):
        return lambda: Inbox.objects.get(pk=inbox.pk).settings[name]

    return {
        "organization": ("/settings/organization", lambda t: FIRM | {"name": t}, newest(Organization, "name")),
        "team": ("/settings/teams", lambda t: {"what": "create", "name": t}, newest(Team, "name")),
        "role": ("/settings/roles", lambda t: {"what": "create", "name": t}, newest(Role, "name")),
        "inbox": ("/settings/inboxes", lambda t: {"what": "create", "kind": "webchat", "name": t, "language": "en"},
                  newest(Inbox, "name")),
        "inbox renamed": (room, lambda t: {"what": "settings", "name": t, "language": "en"},
                          lambda: Inbox.objects.get(pk=inbox.pk).name),
        "title": (room, lambda t: {"what": "settings", "name": "Chat", "language": "en", "field.title": t},
                  setting("title")),
        "greeting": (room, lambda t: {"what": "settings", "name": "Chat", "language": "en", "field.greeting": t},
                     setting("greeting")),
        "agent": ("/settings/own", lambda t: PROFILE | {"name": t}, lambda: Agent.objects.get(pk=boss.agent_id).name),
        "invited": ("/settings/agents", lambda t: {"what": "invite", "email": f"n{next(_count)}@harbor.example",
                                                   "role": role, "team": "", "name": t}, newest(Invitation, "name")),
        "token": ("/settings/tokens", lambda t: {"what": "create", "agent": str(boss.agent_id), "name": t},
                  newest(Token, "name")),
        "new customer": ("/customers/new", lambda t: {"name": t, "email": f"c{next(_count)}@example.com"},
                         newest(Person, "name")),
        "number elsewhere": (f"/customers/{ada.pk}/change", lambda t: {"what": "identity", "kind": "external",
                                                                       "written": t}, newest(Identity, "original")),
    }  # fmt: skip


NAMES = [
    "organization", "team", "role", "inbox", "inbox renamed", "title", "greeting", "agent", "invited", "token",
    "new customer", "number elsewhere",
]  # fmt: skip
# At these an empty field is an answer as well, and what surrounds the words is none of a number.
MAY_BE_EMPTY = {"title", "greeting", "new customer", "invited"}


@EXTENT
@pytest.mark.django_db
@pytest.mark.parametrize("field", NAMES)
def test_a_name_is_kept_as_it_was_written_or_refused_with_a_word(fields, boss, field, extent):
    desk = Client(raise_request_exception=False)
    desk.cookies["careline_session"] = sessions.open_session(Agent.objects.get(pk=boss.agent_id))
    path, form, kept = fields[field]
    taken = 0
    for word in strings(extent):
        answer = desk.post(path, form(word))
        assert answer.status_code in (200, 302, 409, 422), (answer.status_code, ascii(word[:60]))
        if answer.status_code < 400:
            wanted = word.strip() if field == "number elsewhere" else word
            assert kept() == wanted or (field in MAY_BE_EMPTY and not word.strip()), ascii(word[:60])
            taken += 1
        else:
            sentence = Text(("class", "error"))
            sentence.feed(answer.content.decode())
            assert sentence.words.strip(), ascii(word[:60])
            assert answer.status_code == 409 or refusable(word), (ascii(word[:60]), sentence.words)
    assert taken > len(strings(extent)) // 3


def refusable(word: str) -> bool:
    """Nothing, a NUL, more than a name may have, or more than one line."""
    return not word.strip() or "\0" in word or len(word) > 60 or len(word.splitlines()) > 1


@EXTENT
@pytest.mark.django_db
def test_names_of_files_are_kept_or_refused_with_a_word(boss, conversation, extent):
    from careline.files import actions
    from careline.kit.refusals import Refused

    for word in strings(extent):
        try:
            stored = actions.store(b"%PDF-1.4 words", name=word, person_id=conversation.person_id, uploaded_by="Ada")
        except Refused as refusal:
            assert str(refusal)
            continue
        assert StoredFile.objects.get(pk=stored.pk).name == word.replace("\0", ""), ascii(word)
