"""Signing in with a company account, at a real provider: who gets in, as whom, and what a crooked answer is worth."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import msgspec
import pytest
from django.test import Client

from careline.accounts import actions, company
from careline.accounts.models import Agent, Role, Session, Team, TeamMember
from careline.kit.postgres.server import free_port
from careline.kit.refusals import Refused

PROGRAM = Path(__file__).with_name("canaille_house.py")
BASE = "http://127.0.0.1:8000"
PLACES = company.Places("https://id.example", "https://id.example/a", "https://id.example/t", "https://id.example/k")


@pytest.fixture(scope="module")
def works() -> Iterator[str]:
    """The provider's address."""
    command = [sys.executable, PROGRAM, str(free_port()), f"{BASE}/sign-in/company"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        yield address
        process.terminate()


@pytest.fixture(autouse=True)
def near(settings):
    settings.CARELINE_BASE_URL, settings.CARELINE_ALLOW_PRIVATE_HTTP = BASE, True


@pytest.fixture
def provider(works, boss, role_of):
    def provider(**more):
        team = Team.objects.create(name="Returns")
        given = {"name": "Works", "issuer": works, "client_id": "careline", "secret": "shared secret"}
        groups = (actions.Group("support", role_of("lead"), team.pk),)
        return actions.keep_provider(actions.Given(**given, groups=groups, **more), actor=boss)

    return provider


@pytest.fixture
def role_of(db):
    return lambda name: Role.objects.get(name=name).pk


def consented(to: str, name: str) -> str:
    """What a person does at the provider's pages; the address they are sent back to."""
    with httpx.Client(follow_redirects=True, trust_env=False, timeout=30) as browser:
        page = browser.get(to)
        for form in ({"login": name}, {"password": "a good long password"}):
            token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
            assert token, page.text[:500]
            page = browser.post(page.url, data={"csrf_token": token[1], **form}, follow_redirects=False)
            while page.is_redirect and not page.headers["Location"].startswith(BASE):
                page = browser.get(page.next_request.url, follow_redirects=False)
        return str(page.headers["Location"])


def arriving(browser: Client, provider, name: str):
    there = browser.get(f"/sign-in/company/{provider.pk}?next=/customers")
    back = consented(there["Location"], name)
    return back, browser.get(back.removeprefix(BASE))


def words(answer) -> str:
    return " ".join(re.findall(r"<p>([^<]*)", answer.content.decode()))


def test_a_colleague_comes_by_their_company_account_with_role_and_team(bo, provider):
    made, browser = provider(trusts_addresses=True), Client()
    back, answer = arriving(browser, made, "bo")
    assert (answer.status_code, answer["Location"]) == (302, "/customers"), words(answer)
    agent = Agent.objects.select_related("role").get(pk=bo.agent_id)
    assert (agent.role.name, [team.name for team in agent.teams.all()]) == ("lead", ["Returns"])
    assert Session.objects.get(agent=agent).proof == "company"
    assert browser.get("/settings/teams").status_code == 200
    # The same way back a second time, from this browser or another, leads nowhere.
    for other in (browser, Client()):
        assert other.get(back.removeprefix(BASE)).status_code == 422
    # Known by the account from now on, whatever address they have; of teams the groups speak of, none is theirs now.
    Agent.objects.filter(pk=agent.pk).update(email="bo.l@harbor.example")
    made.groups.all().delete()
    made.groups.create(name="sales", team=Team.objects.get())
    assert arriving(Client(), made, "bo")[1].status_code == 302
    assert not TeamMember.objects.filter(agent=agent).exists()
    assert Agent.objects.get(pk=agent.pk).role.name == "lead"


def test_an_address_the_provider_does_not_vouch_for_is_nobodys(bo, provider):
    made = provider()
    answer = arriving(Client(), made, "bo")[1]
    assert answer.status_code == 403, words(answer)
    assert "does not vouch" in words(answer)


def test_somebody_new_joins_only_with_a_role_for_the_new(provider, role_of, boss):
    made = provider(trusts_addresses=True)
    answer = arriving(Client(), made, "noor")[1]
    assert answer.status_code == 403, words(answer)
    assert "Ask for an invitation" in words(answer)
    made.role_id = role_of("analyst")
    made.save()
    assert arriving(Client(), made, "noor")[1].status_code == 302
    noor = Agent.objects.get(email="noor@harbor.example")
    assert (noor.name, noor.role.name, noor.has_usable_password()) == ("Noor Haddad", "analyst", False)
    actions.deactivate(noor.pk, actor=boss)
    assert arriving(Client(), made, "noor")[1].status_code == 403


def test_a_role_locked_to_company_accounts_lets_nobody_else_in(bo, boss, provider, role_of):
    made = provider(trusts_addresses=True)
    made.groups.all().delete()
    actions.confine_role(role_of("agent"), actor=boss, proofs=["company"])
    with pytest.raises(Refused, match="the company account"):
        actions.sign_in("bo@harbor.example", "correct horse battery staple", address="127.0.0.1")
    assert arriving(Client(), made, "bo")[1].status_code == 302


def test_another_state_is_another_question(provider):
    made, browser = provider(), Client()
    browser.get(f"/sign-in/company/{made.pk}")
    answer = browser.get("/sign-in/company?code=theirs&state=theirs")
    assert (answer.status_code, "Sign in again" in words(answer)) == (422, True), words(answer)


def test_who_sets_a_provider_up_must_be_able_to_give_what_it_gives(boss, cy, works):
    given = actions.Given(name="Works", issuer=works, client_id="careline", secret="x")
    with pytest.raises(Refused, match="create and change roles"):
        actions.keep_provider(given, actor=cy)
    with pytest.raises(Refused, match=r"answered|cannot be reached"):
        actions.keep_provider(actions.Given(name="N", issuer=f"{works}/no", client_id="c", secret="s"), actor=boss)


def test_a_provider_is_not_asked_into_the_private_network(provider, settings, works):
    """Neither for what it publishes nor for its keys; and its places must be reached safely."""
    made = provider()
    settings.CARELINE_ALLOW_PRIVATE_HTTP = False
    company._kept.clear()
    answer = Client().get(f"/sign-in/company/{made.pk}")
    assert (answer.status_code, "https://" in words(answer)) == (422, True), words(answer)
    with pytest.raises(company.ProviderFailed, match="private network"):
        company.places("https://127.0.0.1:9")
    with pytest.raises(company.ProviderFailed, match="private network"):
        company.read("a.b.c", msgspec.structs.replace(PLACES, jwks_uri="https://127.0.0.1:9/k"), "careline", nonce="n")


def test_what_it_publishes_is_asked_for_once_in_a_while(monkeypatch):
    asked = []
    told = {"issuer": "https://id.example", "authorization_endpoint": "https://id.example/a",
            "token_endpoint": "https://id.example/t", "jwks_uri": "https://id.example/k"}  # fmt: skip
    monkeypatch.setattr(company, "_kept", {})
    monkeypatch.setattr(company, "_asked", lambda _m, url, **_more: asked.append(url) or json.dumps(told).encode())
    for _n in range(3):
        company.places("https://id.example")
    assert asked == ["https://id.example/.well-known/openid-configuration"]
    company.places("https://id.example", fresh=True)
    assert len(asked) == 2
    # Somebody else's name, and a page one would be sent to in the clear.
    for wrong in ({"issuer": "https://evil.example"}, {"authorization_endpoint": "javascript:alert(1)"}):
        told |= wrong
        with pytest.raises(company.ProviderFailed):
            company.places("https://id.example", fresh=True)


def said(subject: str, email="bo@harbor.example", **more):
    return company.Said(subject=subject, email=email, email_is_verified=True, name="", groups=[], **more)


def test_an_address_that_is_given_to_somebody_else_opens_nobodys_account(bo, cy, boss, role_of, monkeypatch):
    """Linked once, an account here is that account's; the next who bears the address over there is a stranger."""
    monkeypatch.setattr(company, "places", lambda _issuer, **_more: PLACES)
    made = actions.keep_provider(actions.Given("N", "https://id.example", "c", "s"), actor=boss)
    first = said("7")
    assert linked(made, first).pk == bo.agent_id
    with pytest.raises(Refused, match="Somebody else came"):
        linked(made, said("8"))
    # Known by the account, whatever address it bears now; and an address in other letters is the same.
    assert linked(made, said("7", email="cy@harbor.example")).pk == bo.agent_id
    assert linked(made, said("9", email="CY@Harbor.example")).pk == cy.agent_id
    # Whoever lost their ways may come by a new one.
    actions.forget_ways(bo.agent_id, actor=boss)
    assert linked(made, said("8")).pk == bo.agent_id


def linked(provider, said):
    from careline.accounts.actions import companies

    return companies._agent_of(provider, said)


def test_the_question_carries_what_the_answer_is_held_against(works, provider):
    made, browser = provider(), Client()
    there = browser.get(f"/sign-in/company/{made.pk}?next=//evil.example")["Location"]
    asked = parse_qs(urlsplit(there).query)
    for name, value in (("response_type", "code"), ("client_id", "careline"), ("code_challenge_method", "S256"),
                        ("redirect_uri", f"{BASE}/sign-in/company")):  # fmt: skip
        assert asked[name] == [value]
    assert min(len(asked[name][0]) for name in ("state", "nonce", "code_challenge")) >= 43
    other = parse_qs(urlsplit(browser.get(f"/sign-in/company/{made.pk}")["Location"]).query)
    assert all(asked[name] != other[name] for name in ("state", "nonce", "code_challenge"))


def test_a_code_that_somebody_else_was_given_is_worth_nothing(bo, provider, monkeypatch):
    """The provider itself refuses it: neither this verifier nor this nonce was asked with."""
    made, mine, theirs = provider(trusts_addresses=True), Client(), Client()
    whole = consented(theirs.get(f"/sign-in/company/{made.pk}")["Location"], "bo")
    back = parse_qs(urlsplit(whole).query)
    state = parse_qs(urlsplit(mine.get(f"/sign-in/company/{made.pk}")["Location"]).query)["state"][0]
    answer = mine.get("/sign-in/company", {"code": back["code"][0], "state": state, "iss": back.get("iss", [""])[0]})
    assert answer.status_code == 422, words(answer)
    assert not Session.objects.filter(proof="company").exists()
    assert theirs.get(whole.removeprefix(BASE)).status_code == 302


def test_nobody_is_told_words_of_a_provider_they_were_not_sent_to(provider):
    made, browser = provider(), Client()
    asked = "/sign-in/company?error=x&error_description=Call+555+now"
    assert "555" not in browser.get(asked).content.decode()
    browser.get(f"/sign-in/company/{made.pk}")
    assert "555" in browser.get(asked).content.decode()
