"""Every word of the screens is said in every language, in full, and none escapes translation."""

from __future__ import annotations

import re
from zoneinfo import available_timezones

import pytest
from django.conf import settings as configured
from django.template import engines
from django.test import Client
from django.utils import translation
from django.utils.translation import ngettext

from careline.accounts import sessions
from careline.accounts.actor import SYSTEM
from careline.accounts.models import Agent
from careline.accounts.permissions import ROLES
from careline.channels import actions as channels
from careline.web.people.drawn import language_words
from careline.web.settings import choices
from tests.web import pseudo
from tools import messages

TEMPLATES = messages.SOURCE / "web" / "templates"
PLACEHOLDER = re.compile(r"%\((\w+)\)([.\d]*\w)|\{(\w*)\}")
TATWEEL = "ـ"
# Said of a count of one, two or none without its number: "a page", "two pages".
COUNTED = {"count", "num", "minutes", "days"}
# Names of products, protocols and formats, the same in every language.
NAMES = {"Careline", "API", "UTC", "RFC", "Idempotency-Key", "OpenAPI", "JSON"}
# What is drawn, and blocks that hold classes, ids and attributes.
DRAWN = re.compile(
    r"\{#.*?#\}|\{% block (?:\w+_class|skip_to|main_facts|sheets|scripts) %\}.*?\{% endblock %\}|\{%.*?%\}|\{\{.*?\}\}",
    re.DOTALL,
)


@pytest.fixture(scope="module")
def wanted():
    return messages.collect()


@pytest.fixture(scope="module")
def spoken(tmp_path_factory):
    folder = tmp_path_factory.mktemp("locale")
    pseudo.write(folder)
    return folder


@pytest.fixture
def pretend(settings, spoken):
    """All screens speak the language nobody speaks, to guests as well."""
    settings.LOCALE_PATHS = [spoken]
    settings.LANGUAGES = [(pseudo.CODE, "Esperanto")]
    settings.LANGUAGE_CODE = pseudo.CODE


def places(text: str) -> set[str]:
    return {found.group() for found in PLACEHOLDER.finditer(text)}


def test_words_are_looked_for_in_code_and_templates(wanted):
    assert wanted.get("There is no such conversation.")
    assert wanted.get("Resolve")
    assert wanted.get("%(num)s quiet day").pluralizable


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_every_message_is_translated_and_no_other_is_kept(language, wanted):
    known = messages.catalogue(language)
    empty = [
        message.id
        for message in messages.messages(wanted)
        if not (kept := known.get(message.id, message.context)) or not all(messages.forms(kept)) or kept.fuzzy
    ]
    assert empty == [], f"`make messages`, then translate {len(empty)} of them"
    left = [m.id for m in messages.messages(known) if not wanted.get(m.id, m.context)]
    assert left == [], "`make messages` takes these out"


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_what_is_filled_in_stays_in_every_form(language):
    wrong = []
    for message in messages.messages(messages.catalogue(language)):
        asked = places(message.id if isinstance(message.id, str) else message.id[-1])
        said = messages.forms(message)
        wrong += [said[-1]] if places(said[-1]) != asked else []
        for form in said[:-1]:
            silent = {name for name in asked - places(form) if name[2:].split(")")[0] not in COUNTED | {"low"}}
            wrong += [form] if silent or places(form) - asked else []
    assert wrong == []


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_a_translation_begins_ends_and_breaks_lines_as_its_source(language):
    wrong = []
    for message in messages.messages(messages.catalogue(language)):
        source = message.id if isinstance(message.id, str) else message.id[-1]
        for form in messages.forms(message):
            same = source.count("\n") == form.count("\n") and source[:1].isspace() == form[:1].isspace()
            if not same or source[-1:].isspace() != form[-1:].isspace() or set("<>&") & set(form):
                wrong.append(form)
    assert wrong == []


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_the_compiled_catalogue_is_what_the_written_one_says(language):
    path = messages.path_of(language)
    assert path.with_suffix(".mo").read_bytes() == messages.compiled(messages.catalogue(language)), "`make messages`"
    assert path.read_bytes() == messages.written(messages.catalogue(language)), "`make messages`"


def test_arabic_is_not_stretched():
    said = [form for m in messages.messages(messages.catalogue("ar")) for form in messages.forms(m)]
    assert [form for form in said if TATWEEL in form.replace("بـ", "")] == []


def test_arabic_counts_in_six_ways():
    with translation.override("ar"):
        said = [ngettext("%(num)s quiet day", "%(num)s quiet days", n) % {"num": n} for n in (0, 1, 2, 3, 11, 100)]
    assert said == ["لا أيام هادئة", "يوم هادئ", "يومان هادئان", "3 أيام هادئة", "11 يومًا هادئًا", "100 يوم هادئ"]


def test_indonesian_counts_in_one_way():
    with translation.override("id"):
        said = [ngettext("%(num)s quiet day", "%(num)s quiet days", n) % {"num": n} for n in (1, 2)]
    assert said == ["1 hari tenang", "2 hari tenang"]


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_a_template_says_nothing_by_itself(path):
    bare = DRAWN.sub(" ", path.read_text())
    assert [piece for piece in pseudo.english(bare, NAMES) if '="' not in piece] == []


def signed_in(agent_id: int, language: str) -> Client:
    Agent.objects.filter(pk=agent_id).update(language=language)
    client = Client(HTTP_ACCEPT_LANGUAGE=language)
    key = sessions.open_session(Agent.objects.get(pk=agent_id), user_agent="Firefox", address="192.0.2.1")
    client.cookies[configured.SESSION_COOKIE_NAME] = key
    return client


SETTINGS = [
    f"/settings/{area}"
    for area in (
        "organization",
        "agents",
        "teams",
        "roles",
        "inboxes",
        "tokens",
        "audit",
        "analysis",
        "retention",
        "suppressions",
        "imports",
        "own",
    )
]
GUEST = ["/sign-in", "/forgotten", "/resets/gone", "/invitations/gone", "/chat/shop-chat", "/no/such/page"]
AGENT = [
    "/desk", "/desk?view=all", "/desk?view=resolved", "/desk/{conversation}", "/desk/999999", "/customers",
    "/customers?q=zzzz", "/customers/new", "/customers/{person}", "/customers/{person}/erasure",
    "/settings/retention?kind=raw&days=3",
    "/settings/inboxes/{inbox}", "/settings/inboxes/{inbox}/records", "/settings/inboxes/new/email",
    "/settings/inboxes/{mailbox}", "/settings/inboxes/{mailbox}/connection", *SETTINGS,
]  # fmt: skip


def offered() -> set[str]:
    """What pages offer under names that are not ours to translate, or that Babel translates."""
    zones = available_timezones()
    with translation.override(pseudo.CODE):
        named = {word for pairs in (choices.countries(), choices.currencies()) for _key, word in pairs}
    languages = {language_words("en", pseudo.CODE), "Esperanto"}
    return NAMES | zones | {zone.replace("_", " ") for zone in zones} | named | set(ROLES) | languages


# Its address is known by heart; nothing of it is fetched.
MAILBOX = {"address": "rosa@harbor.example", "sign_in": "google", "imap_host": "imap.harbor.example"}

# The people of the cast, what is theirs, and names that programs gave.
PEOPLE = {
    "Harbor Goods", "Ada Moreau", "Rosa Varga", "Shop chat", "My order is late.", "ada@example.com", "Ada@Example.com",
    "rosa@harbor.example", "Firefox", "shop-chat", "customer",
    "imap.harbor.example", "Google", "Microsoft", "Microsoft 365", "STARTTLS", "INBOX", "common",
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["/set-up", *GUEST, *AGENT])
def test_no_word_of_a_page_escapes_translation(page, pretend, request):
    client = Client(HTTP_ACCEPT_LANGUAGE=pseudo.CODE)
    if page != "/set-up":
        known = request.getfixturevalue("conversation")
        if page in AGENT:
            client = signed_in(request.getfixturevalue("boss").agent_id, pseudo.CODE)
        if "{mailbox}" in page:
            mailbox = channels.create_inbox(
                actor=SYSTEM, kind="email", name="shop-chat", settings=MAILBOX, language=pseudo.CODE
            ).pk
            page = page.replace("{mailbox}", str(mailbox))
        page = page.format(conversation=known.pk, person=known.person_id, inbox=known.inbox_id)
    html = client.get(page).content.decode()
    assert "⟦" in html
    assert pseudo.english(html, offered() | PEOPLE) == []


@pytest.mark.parametrize("name", ["403", "404", "500", "csrf", "offline"])
def test_no_word_of_a_failure_escapes_translation(name, pretend, rf):
    with translation.override(pseudo.CODE):
        html = engines["jinja2"].get_template(f"errors/{name}.html").render({"trace": ""}, rf.get("/"))
    assert "⟦" in html
    assert pseudo.english(html, NAMES) == []


@pytest.mark.parametrize("page", ["/sign-in", "/chat/shop-chat", "/desk", "/customers", "/settings/own"])
def test_arabic_pages_run_from_right_to_left(page, conversation, boss):
    client = Client(HTTP_ACCEPT_LANGUAGE="ar") if page in GUEST else signed_in(boss.agent_id, "ar")
    html = client.get(page).content.decode()
    assert re.search(r'<html[^>]* lang="ar"[^>]* dir="rtl"', html)
    assert len(re.findall(r"[\u0600-\u06ff]{2,}", html)) > 5
