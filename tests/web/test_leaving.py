"""The link by which a customer says, without signing in, what they want to be written to for."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from django.test import Client

from careline import contact
from careline.accounts.actor import SYSTEM
from careline.contact import leaving, reasons
from careline.customers import actions, queries
from careline.customers.models import Consent, Person
from careline.kit import signing
from tests.forging import forged


@pytest.fixture
def kinds(organization, boss):
    actions.define_purpose("newsletter", "Our letter", "Once a month, what is new.", actor=boss)
    actions.define_purpose("survey", "Questions", actor=boss)


@pytest.fixture
def stranger() -> Client:
    """A mail program or a browser nobody knows, which forges nothing and proves nothing."""
    return Client(enforce_csrf_checks=True)


def path(person_id: int, purpose: str = "any") -> str:
    return urlsplit(leaving.link(person_id, purpose)).path


def asked(person, purpose: str, key: str) -> str:
    return contact.decide(person.pk, purpose, "webchat", key).reason


def said(actor, person) -> dict[str, bool]:
    return {one.purpose: one.given for one in queries.consents(actor, person.pk)}


def test_looking_changes_nothing_and_shows_each_kind(kinds, ada, bo, stranger):
    link = path(ada.pk, "newsletter")
    for method in (stranger.get, stranger.head):
        assert method(link).status_code == 200
    page = stranger.get(link)
    html = page.content.decode()
    for shown in ("Our letter", "Once a month, what is new.", "Questions", "No more messages at all"):
        assert shown in html, shown
    assert page["X-Robots-Tag"] == "noindex"
    # What the letter was about comes first, and its button is the main one.
    assert html.index("Our letter") < html.index("Questions")
    assert len(re.findall(r'class="btn main"', html)) == 1
    assert not Consent.objects.exists()
    assert "Ada" not in html, "a link that went on to others names nobody"


def test_one_click_says_no_to_one_kind_and_it_is_kept_and_honored(kinds, ada, bo, stranger, line_of):
    link = path(ada.pk, "newsletter")
    answer = stranger.post(link, {"purpose": "newsletter", "given": "no"})
    assert (answer.status_code, answer["Location"]) == (302, f"{link}?done=one")
    assert said(bo, ada) == {"newsletter": False}
    moment = line_of(ada.pk)[-1]
    assert (moment.kind, moment.facts["purpose"], moment.actor_kind) == ("consent.withdrawn", "newsletter", "customer")
    assert asked(ada, "newsletter", "1") == reasons.WITHDRAWN
    assert asked(ada, "survey", "2") != reasons.WITHDRAWN
    html = stranger.get(answer["Location"]).content.decode()
    assert "It is kept as you said." in html
    assert "You do not get these." in html
    # And back again.
    stranger.post(link, {"purpose": "newsletter", "given": "yes"})
    assert asked(ada, "newsletter", "3") != reasons.WITHDRAWN


def test_none_at_all_holds_for_every_kind_until_they_say_otherwise(kinds, ada, stranger):
    link = path(ada.pk)
    assert stranger.post(link, {"purpose": "any", "given": "no"}).status_code == 302
    assert [asked(ada, one, one) for one in ("newsletter", "survey", "x")] == [reasons.WITHDRAWN] * 3
    html = stranger.get(link).content.decode()
    assert "We write to you only to answer" in html
    assert "Our letter" not in html
    stranger.post(link, {"purpose": "any", "given": "yes"})
    assert asked(ada, "newsletter", "later") != reasons.WITHDRAWN


@pytest.mark.parametrize("purpose", ["newsletter", "any"])
def test_a_mail_programs_one_click_is_taken_without_cookie_or_form(kinds, ada, bo, stranger, purpose):
    """RFC 8058: a POST of that one field, answered by 200 and no way on."""
    headers = leaving.headers(ada.pk, purpose)
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = re.fullmatch(r"<(https?://[^>]+)>", headers["List-Unsubscribe"])[1]
    for kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
        name, value = headers["List-Unsubscribe-Post"].split("=")
        body = {"data": f"{name}={value}", "content_type": kind} if "urlencoded" in kind else {"data": {name: value}}
        answer = stranger.post(urlsplit(link).path, **body)
        assert answer.status_code == 200, kind
        assert said(bo, ada) == {purpose: False}
    assert "careline_csrf" not in answer.cookies


@pytest.mark.parametrize(
    ("language", "words", "direction"), [("ar", "ما نكتبه إليك", "rtl"), ("id", "Yang kami", "ltr")]
)
def test_the_page_speaks_the_customers_language(kinds, ada, stranger, language, words, direction):
    Person.objects.filter(pk=ada.pk).update(language=language)
    html = stranger.get(path(ada.pk), headers={"Accept-Language": "en"}).content.decode()
    assert words in html
    assert f'<html lang="{language}" dir="{direction}"' in html


def test_of_joined_customers_either_link_is_of_the_whole(kinds, ada, bo, stranger):
    twin = Person.objects.create(name="A. Moreau")
    actions.merge(ada.pk, twin.pk, actor=bo)
    stranger.post(path(twin.pk), {"purpose": "survey", "given": "no"})
    assert asked(ada, "survey", "1") == reasons.WITHDRAWN


def test_a_link_we_did_not_sign_or_of_somebody_who_is_gone_opens_nothing(kinds, ada, boss, stranger):
    token = path(ada.pk).rpartition("/")[2]
    other = signing.sign("opt-out-not", f"{ada.pk}:any")
    for wrong in (forged(token), other, "x", "x.y.z"):
        for answer in (stranger.get(f"/o/{wrong}"), stranger.post(f"/o/{wrong}", {"purpose": "any", "given": "no"})):
            assert answer.status_code == 404
    for form in ({}, {"purpose": "any"}, {"purpose": "nonsense", "given": "no"}, {"purpose": "any", "given": "maybe"}):
        assert stranger.post(path(ada.pk), form).status_code == 422
    actions.erase(ada.pk, actor=boss)
    for answer in (stranger.get(path(ada.pk)), stranger.post(path(ada.pk), {"List-Unsubscribe": "One-Click"})):
        assert answer.status_code == 404
    assert not Consent.objects.exists()


def test_a_kind_that_is_offered_no_more_can_still_be_declined(kinds, ada, boss, bo, stranger):
    link = path(ada.pk, "newsletter")
    actions.drop_purpose("newsletter", actor=boss)
    assert "newsletter" in stranger.get(link).content.decode()
    stranger.post(link, {"purpose": "newsletter", "given": "no"})
    assert said(bo, ada) == {"newsletter": False}


def test_kinds_of_message_are_kept_on_screen_by_those_who_may(organization, boss, bo, browser_of):
    house = browser_of(boss)
    at = "/settings/purposes"
    begun = house.get(at).content.decode()
    assert "A few questions about how it went." in begun, "customers can say no to surveys in every house"
    assert 'value="drop"' not in begun
    assert house.post(at, {"what": "drop", "name": "surveys"}).status_code == 409
    form = {"what": "define", "name": "newsletter", "label": "Our letter", "about": "Once a month."}
    assert house.post(at, form).status_code == 302
    assert "Our letter" in house.get(at).content.decode()
    for wrong in ({"name": "No"}, {"name": "any"}, {"label": ""}, {"about": "x" * 301}):
        refused = house.post(at, form | wrong)
        assert (refused.status_code, 'aria-invalid="true"' in refused.content.decode()) == (422, True), wrong
    assert browser_of(bo).get(at).status_code == 403
    person = actions.find_or_create([], actor=SYSTEM, name="Nel").person
    page = browser_of(bo).get(f"/customers/{person.pk}").content.decode()
    assert '<option value="newsletter">Our letter</option>' in page
    assert "/o/" in page
    assert house.post(at, {"what": "drop", "name": "newsletter"}).status_code == 302
    assert house.post(at, {"what": "drop", "name": "newsletter"}).status_code == 404


def test_no_more_surveys_stops_the_next_one_and_the_line_says_why(ada, bo, stranger, browser_of):
    """The link of a survey of one kind is about all of them."""
    assert contact.decide(ada.pk, "surveys/nps", "api", "first").allowed
    headers = leaving.headers(ada.pk, "surveys/nps")
    link = urlsplit(re.fullmatch(r"<(https?://[^>]+)>", headers["List-Unsubscribe"])[1]).path
    assert "A few questions about how it went." in stranger.get(link).content.decode()
    assert stranger.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert said(bo, ada) == {"surveys": False}
    assert contact.decide(ada.pk, "surveys/csat", "api", "next").reason == reasons.WITHDRAWN
    html = browser_of(bo).get(f"/customers/{ada.pk}").content.decode()
    line = html[html.index('id="line"') : html.index('class="pager"') if 'class="pager"' in html else None]
    assert "Not written to: surveys/csat" in line
    assert "This person does not want to be written to for this." in line
