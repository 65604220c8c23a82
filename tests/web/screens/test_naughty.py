"""Strings that break programs: given back byte for byte or refused with a word; and as HTML they run nothing."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.test import Client
from playwright.sync_api import expect

from careline.accounts import sessions
from careline.accounts.models import Agent
from tests.web.screens.naughty import EXTENT, Text, folder, strings


@pytest.fixture
def desk(db, boss, conversation):
    browser = Client(raise_request_exception=False)
    browser.cookies["careline_session"] = sessions.open_session(Agent.objects.get(pk=boss.agent_id))
    return browser


def sent(desk, path, word, **form):
    """True when it was taken; a refusal says something."""
    answer = desk.post(path, form, headers={"HX-Request": "true"})
    assert answer.status_code in (200, 201, 302, 409, 422), (answer.status_code, word[:60])
    if answer.status_code >= 400:
        assert answer.content.decode().strip(), word[:60]
    return answer.status_code < 400


@EXTENT
@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["reply", "note"])
def test_words_come_back_as_they_were_written(desk, conversation, bo, kind, extent):
    from careline.service.conversations import queries

    for number, word in enumerate(strings(extent)):
        # A form carries every line break as the pair; the desk makes one of it.
        wanted = word.replace("\r\n", "\n")
        if sent(desk, f"/desk/{conversation.pk}/messages", word, kind=kind, body=word, client_id=f"{kind}{number}"):
            line = queries.thread(bo, conversation.pk, limit=1)[0]
            assert line.body == wanted
            page = desk.get(f"/desk/{conversation.pk}/since?after={line.seq - 1}").content.decode()
            shown = Text(("class", "body"))
            shown.feed(page)
            assert shown.words == wanted.replace("\r", "\n") or "\r" in wanted, ascii(word[:60])
        else:
            assert not word.strip() or "\0" in word or len(word) > 50_000, ascii(word[:60])


@EXTENT
@pytest.mark.django_db
def test_names_and_notes_of_customers_come_back_as_they_were_written(desk, ada, extent):
    for word in strings(extent):
        if sent(desk, f"/customers/{ada.pk}/change", word, what="name", name=word):
            ada.refresh_from_db()
            assert ada.name == word
            assert desk.get(f"/customers/{ada.pk}").status_code == 200
        if sent(desk, f"/customers/{ada.pk}/change", word, what="note", body=word):
            note = ada.notes.order_by("-pk").first()
            assert note.body.replace("\r\n", "\n") == word.replace("\r\n", "\n")


@EXTENT
@pytest.mark.django_db
def test_tags_and_searches_of_any_kind_break_nothing(desk, conversation, extent):
    for word in strings(extent):
        body = {"tags": word}
        answer = desk.put(
            f"/desk/{conversation.pk}/tags", data=urlencode(body),
            content_type="application/x-www-form-urlencoded", headers={"HX-Request": "true"},
        )  # fmt: skip
        assert answer.status_code in (200, 422)
        if answer.status_code == 200:
            conversation.refresh_from_db()
            assert conversation.tags == list(dict.fromkeys(t.strip() for t in word.split(",") if t.strip()))
        assert desk.get("/customers", {"q": word}).status_code in (200, 422), ascii(word[:60])


@EXTENT
@pytest.mark.browser
def test_html_in_words_runs_nothing(window, firm, chat, extent):
    """As a subject, a name, a message, a note and a tag: shown on the desk and in the chat as what it is."""
    kept = folder()
    files = sorted((kept / "robust-bleach" / "data").glob("*.test")) if kept else []
    given = [one.read_text(encoding="utf-8").partition("\n--\n")[0] for one in files[:: 1 if extent == "all" else 12]]
    given += [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "javascript:alert(1)", "<svg/onload=alert(1)>",
    ]  # fmt: skip
    for payload in given:
        made = firm.written(chat, payload, name=payload[:150])
        path = f"conversations/{made['id']}"
        firm.owner.api("POST", f"{path}/messages", {"body": payload, "kind": "note"})
        firm.owner.api("POST", f"{path}/messages", {"body": payload, "kind": "reply"})
        firm.owner.send(f"/desk/{made['id']}/tags", method="PUT", tags=payload[:50])
    visitor = window()
    visitor.goto(f"{firm.house.url}/chat/{chat.key}")
    visitor.get_by_text("We answer here.").wait_for()
    desk = window(firm.owner)
    desk.goto(f"{firm.house.url}/desk?view=all")
    for payload in given[:18]:
        visitor.fill("#say-text", payload)
        visitor.press("#say-text", "Enter")
    expect(visitor.locator(".is-waiting")).to_have_count(0)
    for page in (visitor, desk):
        clean(page)
    for number in range(min(desk.locator("#rows .row").count(), len(given) + 1)):
        address = desk.locator("#rows .row-door").nth(number).get_attribute("href")
        desk.goto(firm.house.url + address)
        clean(desk)


def clean(page):
    """No script but ours, no address that runs, no attribute that listens."""
    assert (
        page.evaluate("""() => [...document.querySelectorAll('*')].filter((one) =>
        (one.localName === 'script' && !one.src.startsWith(location.origin + '/static/')) ||
        (one.href && String(one.href.baseVal ?? one.href).trim().toLowerCase().startsWith('javascript:')) ||
        [...one.attributes].some((a) => a.name.startsWith('on')) ||
        ['iframe', 'object', 'embed', 'base'].includes(one.localName)).map((one) => one.outerHTML)""")
        == []
    )
