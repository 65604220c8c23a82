"""Mailboxes that are opened by a token: consent, refresh, and what is said when it is taken back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import msgspec
import pytest

from careline.channels.adapter import DeliveryFailed
from careline.channels.email import oauth
from careline.channels.email.oauth import Client, ConnectAgain
from tests.channels.email.consents import CLIENT, SECRET, Consents, giving_consent

BACK = "https://care.example/settings/inboxes/consent"


@pytest.fixture
def consents(settings) -> Iterator[Consents]:
    settings.CARELINE_ALLOW_PRIVATE_HTTP = True
    with giving_consent() as running:
        settings.CARELINE_OAUTH_URLS = {"google": running.url, "microsoft": running.url}
        yield running


@pytest.fixture(params=["google", "microsoft"])
def client(request) -> Client:
    return Client(provider=request.param, client_id=CLIENT, client_secret=SECRET)


def agreed(consents: Consents, client: Client) -> oauth.Grant:
    proof = oauth.verifier()
    url = oauth.authorization(client, redirect=BACK, state="s1", verifier=proof, address="help@shop.example")
    back = dict(parse_qsl(urlsplit(consents.agree(url)).query))
    assert back["state"] == "s1"
    return oauth.exchange(client, code=back["code"], redirect=BACK, verifier=proof)


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_person_agrees_once_in_the_browser(consents, client):
    grant = agreed(consents, client)
    assert grant.refresh_token in consents.lasting
    assert consents.open[grant.access_token] == "help@shop.example"
    assert grant.seconds == 3599


def test_the_browser_goes_to_the_provider_with_what_it_documents(settings):
    settings.CARELINE_OAUTH_URLS = {}
    google = Client(provider="google", client_id=CLIENT)
    url = urlsplit(oauth.authorization(google, redirect=BACK, state="a/b", verifier="v" * 43, address="h@s.example"))
    assert (url.scheme, url.netloc, url.path) == ("https", "accounts.google.com", "/o/oauth2/v2/auth")
    asked = dict(parse_qsl(url.query))
    assert asked["scope"] == "https://mail.google.com/"
    assert (asked["access_type"], asked["prompt"], asked["login_hint"]) == ("offline", "consent", "h@s.example")
    # RFC 7636, appendix B, has this pair.
    proof = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    known = dict(parse_qsl(urlsplit(oauth.authorization(google, redirect=BACK, state="s", verifier=proof)).query))
    assert known["code_challenge"] == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    firm = Client(provider="microsoft", client_id=CLIENT, tenant="firm.example/../x")
    url = urlsplit(oauth.authorization(firm, redirect=BACK, state="s", verifier=proof))
    assert (url.netloc, url.path) == ("login.microsoftonline.com", "/firm.example..x/oauth2/v2.0/authorize")
    assert "https://outlook.office.com/IMAP.AccessAsUser.All" in dict(parse_qsl(url.query))["scope"]


def test_a_code_that_somebody_else_caught_is_worth_nothing(consents, client):
    url = oauth.authorization(client, redirect=BACK, state="s1", verifier=oauth.verifier())
    code = dict(parse_qsl(urlsplit(consents.agree(url)).query))["code"]
    with pytest.raises(ConnectAgain, match=r"does not let us into this mailbox.*“Malformed auth code\.”"):
        oauth.exchange(client, code=code, redirect=BACK, verifier=oauth.verifier())


def test_a_token_is_used_until_shortly_before_its_end(consents, client):
    clock = Clock()
    tokens = oauth.Tokens(clock)
    lasting = agreed(consents, client).refresh_token
    consents.asked.clear()
    first = tokens.access(client, lasting)
    clock.now += 3599 - oauth.RESERVE - 1
    assert tokens.access(client, lasting) == first
    assert len(consents.asked) == 1
    clock.now += 2
    assert tokens.access(client, lasting) != first
    assert len(consents.asked) == 2


def test_a_token_that_is_refused_is_replaced_once_for_all_who_hold_it(consents, client):
    tokens = oauth.Tokens()
    lasting = agreed(consents, client).refresh_token
    first = tokens.access(client, lasting)
    second = tokens.access(client, lasting, fresh=True)
    assert second != first
    assert tokens.access(client, lasting) == second


def test_many_threads_ask_once(consents, client):
    tokens = oauth.Tokens()
    lasting = agreed(consents, client).refresh_token
    consents.asked.clear()
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(tokens.access(client, lasting))) for _n in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert len(set(found)) == 1
    assert len(found) == 8
    assert len(consents.asked) == 1


def test_a_lasting_token_that_was_replaced_is_told_and_used(consents):
    client = Client(provider="microsoft", client_id=CLIENT, client_secret=SECRET, tenant="firm.example")
    tokens, told = oauth.Tokens(), []
    lasting = agreed(consents, client).refresh_token
    access = tokens.access(client, lasting, renewed=told.append)
    [newer] = told
    assert newer in consents.lasting
    # The new one opens with what is already there.
    assert tokens.access(client, newer) == access


def test_what_was_taken_back_is_to_be_connected_again(consents, client):
    lasting = agreed(consents, client).refresh_token
    consents.take_back()
    name = "Google" if client.provider == "google" else "Microsoft"
    with pytest.raises(ConnectAgain) as refused:
        oauth.Tokens().access(client, lasting)
    assert refused.value.reason == (
        f"{name} does not let us into this mailbox anymore: connect it again. “Token has been expired or revoked.”"
    )


def test_a_wrong_secret_of_ours_is_told_apart(consents, client):
    wrong = msgspec.structs.replace(client, client_secret="guessed")
    with pytest.raises(ConnectAgain, match="does not take the client id and secret"):
        oauth.refreshed(wrong, "refresh-1")


@pytest.mark.parametrize(
    ("status", "said", "sentence"),
    [
        (503, b"<html>busy</html>", "gives no token right now \\(503\\)"),
        (400, b'{"error": "temporarily_unavailable"}', "gives no token right now \\(400\\)"),
        (200, b"<html>", "something that is no token"),
        (200, b'{"access_token": 7}', "something that is no token"),
        (200, b"[]", "something that is no token"),
    ],
)
def test_an_answer_that_is_none_is_no_reason_to_connect_again(consents, client, status, said, sentence):
    consents.instead = (status, said)
    with pytest.raises(DeliveryFailed, match=sentence) as failed:
        oauth.refreshed(client, "refresh-1")
    assert not isinstance(failed.value, ConnectAgain)


def test_a_grant_that_does_not_last_is_told(consents, client, monkeypatch):
    consents.instead = (200, b'{"access_token": "a", "expires_in": 3599}')
    with pytest.raises(DeliveryFailed, match="gave no lasting permission"):
        oauth.exchange(client, code="c", redirect=BACK, verifier=oauth.verifier())


def test_the_private_network_is_not_asked(consents, client, settings):
    settings.CARELINE_ALLOW_PRIVATE_HTTP = False
    with pytest.raises(DeliveryFailed, match="was not reached"):
        oauth.refreshed(client, "refresh-1")
