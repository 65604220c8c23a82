"""The help center as a reader gets it: quick, without script, kept by whoever stands between, and for them alone."""

from __future__ import annotations

import json
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from careline.service.knowledge import actions
from careline.service.knowledge.actions import arranging
from careline.service.knowledge.models import Asked, Edition, Verdict
from careline.service.knowledge.shapes import Written

BODY = "Within 30 days.\n\n## How\n\n1. Pack it\n2. Send it\n\n## When\n\nSoon. <script>alert(1)</script>"


@pytest.fixture
def kept(write, cy):
    collection = actions.keep_collection({"en": "Orders", "ar": "الطلبات"}, actor=cy)
    one = write("Send it back", BODY, collection=collection.pk, phrasings=("How do I get a refund?",))
    write("Pay later", "In parts.", collection=collection.pk)
    return one


def test_every_page_is_light_quick_and_without_script(kept, client):
    for path in ("", "/collections/orders", "/articles/send-it-back", "/search?q=refund"):
        client.get(f"/help/en{path}")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            answer = client.get(f"/help/en{path}")
        assert answer.status_code == 200, path
        assert len(asked) <= 6, (path, len(asked))
        assert len(answer.content) < 60_000
        page = answer.content.decode()
        assert not re.search(r"<script(?! type=\"application/ld\+json\")", page), path
        assert "careline_csrf" not in answer.cookies
        assert "Send it back" in page


def test_a_page_is_kept_until_it_changes(kept, client, cy):
    path = "/help/en/articles/send-it-back"
    first = client.get(path)
    assert first["Cache-Control"].startswith("public, max-age=60")
    again = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    actions.change(kept.pk, Written(title="Send it back", body="Within 14 days."), revision=1, actor=cy)
    actions.publish(kept.pk, actor=cy)
    assert client.get(path, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_what_an_agent_reads_is_kept_by_nobody(kept, write, bo, client):
    write("Inner", audience="agents")
    assert client.get("/help/en/articles/inner").status_code == 404
    from django.conf import settings

    from careline.accounts import sessions
    from careline.accounts.models import Agent

    client.cookies[settings.SESSION_COOKIE_NAME] = sessions.open_session(Agent.objects.get(pk=bo.agent_id))
    answer = client.get("/help/en/articles/inner")
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")
    assert client.get("/help/en")["Cache-Control"] == "private, no-store"


def test_search_engines_are_told_what_is_there(kept, cy, client, settings):
    settings.CARELINE_BASE_URL = "https://care.harbor.example"
    other = actions.translate(
        kept.article_id, Written(title="إرجاع الطلب", body="خلال ثلاثين يومًا."), actor=cy, language="ar"
    )
    actions.publish(other.pk, actor=cy)
    page = client.get("/help/en/articles/send-it-back").content.decode()
    told = json.loads(re.search(r"ld\+json\">(.*?)</script>", page)[1])
    assert {one["@type"] for one in told["@graph"]} == {"Article", "BreadcrumbList"}
    assert 'hreflang="ar" href="https://care.harbor.example/help/ar/articles/' in page
    assert '<link rel="canonical" href="https://care.harbor.example/help/en/articles/send-it-back">' in page
    sitemap = client.get("/help/sitemap.xml").content.decode()
    assert sitemap.count("<url>") == 3
    assert "help/sitemap.xml" in client.get("/robots.txt").content.decode()


def test_nothing_written_ends_the_element_it_is_in(write, client):
    write("</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>", slug="bad")
    page = client.get("/help/en/articles/bad").content.decode()
    assert "<script>alert" not in page
    assert "<img" not in page


def test_a_reader_is_led_to_their_language_and_from_old_addresses(kept, cy, client):
    assert client.get("/help", headers={"Accept-Language": "ar-EG, en;q=0.5"})["Location"] == "/help/ar"
    assert client.get("/help", headers={"Accept-Language": "fr"})["Location"] == "/help/en"
    assert client.get("/help/xx/articles/send-it-back")["Location"] == "/help/en"
    arranging.redirect(kept.pk, "refunds", actor=cy)
    led = client.get("/help/en/articles/refunds")
    assert (led.status_code, led["Location"]) == (301, "/help/en/articles/send-it-back")


def test_arabic_reads_from_right_to_left(kept, cy, client):
    other = actions.translate(
        kept.article_id, Written(title="إرجاع الطلب", body="خلال ثلاثين يومًا."), actor=cy, language="ar"
    )
    actions.publish(other.pk, actor=cy)
    page = client.get(f"/help/ar/articles/{other.slug}").content.decode()
    assert '<html lang="ar" dir="rtl"' in page
    assert "الطلبات" in page


def test_whether_it_helped_is_said_without_script_and_counts_once(kept, client):
    path = "/help/en/articles/send-it-back"
    answer = client.post(f"{path}/verdict", {"helped": "no"})
    assert answer["Location"] == f"{path}?said=no#helped"
    assert "What was missing" in client.get(f"{path}?said=no").content.decode()
    client.post(f"{path}/verdict", {"helped": "no", "reason": "missing", "words": "Abroad?"})
    said = Verdict.objects.get()
    assert (said.helped, said.reason, said.words) == (False, "missing", "Abroad?")
    assert Edition.objects.get(title="Send it back").failed == 1
    for _more in range(4):
        last = client.post(f"{path}/verdict", {"helped": "yes"})
    assert last.status_code == 429


def test_a_share_is_told_once_enough_said_something(kept, client):
    Edition.objects.filter(title="Send it back").update(helped=8, failed=1)
    assert "of readers" not in client.get("/help/en/articles/send-it-back").content.decode()
    Edition.objects.filter(title="Send it back").update(helped=9, failed=1)
    assert "It helped 90 % of readers (60–98, n 10)." in client.get("/help/en/articles/send-it-back").content.decode()


def test_the_chat_gets_the_list_alone(kept, client):
    client.get("/help/en/search?part=typing&q=refu")
    page = client.get("/help/en/search?part=asked&q=refund").content.decode()
    assert "Send it back" in page
    assert "<html" not in page
    assert [(one.place, one.words) for one in Asked.objects.all()] == [("widget", "refund")]


def test_a_shut_help_center_is_not_there(kept, cy, client):
    actions.keep_centre(arranging.Looks(is_on=False), actor=cy)
    for path in ("/help", "/help/en", "/help/en/articles/send-it-back", "/help/sitemap.xml", "/help/own"):
        assert client.get(path).status_code == 404, path


def test_the_form_proposes_articles_once_and_then_sends(kept, organization):
    from careline.accounts.actor import SYSTEM
    from careline.channels import actions as inboxes
    from careline.channels.models import Inbound

    made = inboxes.create_inbox(
        actor=SYSTEM, kind="email", name="Mail", settings={"address": "help@harbor.example", "form": "on"}
    )
    browser = Client()
    assert browser.get("/help/en/contact?q=refund")["Location"] == f"/contact/{made.key}?subject=refund"
    form = {"address": "lin@example.com", "subject": "Refund", "text": "How do I get a refund?"}
    page = browser.post(f"/contact/{made.key}", form).content.decode()
    assert "Does one of these answer it?" in page
    assert not Inbound.objects.exists()
    name = re.search(r'name="page" value="([^"]+)"', page)[1]
    assert browser.post(f"/contact/{made.key}", form | {"page": name, "sure": "1"}).status_code == 303
    assert Inbound.objects.count() == 1
