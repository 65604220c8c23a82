"""Signing in with a company account, at a real provider: who gets in, as whom, and what a crooked answer is worth."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from careline.accounts import actions, company
from careline.accounts.models import Agent, Role, Session, Team, TeamMember
from careline.kit.postgres.server import free_port
from careline.kit.refusals import Refused

PROGRAM = Path(__file__).with_name("canaille_house.py")
BASE = "http://127.0.0.1:8000"


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


ONE, OTHER = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _n in range(2))
PLACES = company.Places("https://id.example", "https://id.example/a", "https://id.example/t", "https://id.example/k")
CLAIMS = {"iss": "https://id.example", "sub": "7", "aud": "careline", "nonce": "n"}


def token(key=ONE, algorithm="RS256", **claims):
    now = int(time.time())
    said = {name: value for name, value in ({**CLAIMS, "iat": now, "exp": now + 60, **claims}).items() if value}
    return jwt.encode(said, key, algorithm=algorithm, headers={"kid": "one"})


@pytest.fixture
def keys(monkeypatch):
    public = jwt.algorithms.RSAAlgorithm.to_jwk(ONE.public_key(), as_dict=True) | {"kid": "one", "alg": "RS256"}
    monkeypatch.setattr(company, "_asked", lambda *_a, **_m: httpx.Response(200, json={"keys": [public]}).content)


def test_a_right_token_says_who_it_is(keys):
    assert company.read(token(), PLACES, "careline", nonce="n")["sub"] == "7"


@pytest.mark.parametrize(
    "crooked",
    [
        lambda: token(key=OTHER), lambda: token(aud="another"), lambda: token(aud=["careline", "another"]),
        lambda: token(iss="https://evil.example"), lambda: token(nonce="m"), lambda: token(nonce=None),
        lambda: token(exp=int(time.time()) - 120), lambda: token(exp=None), lambda: token(sub=None),
        lambda: token(key="x" * 40, algorithm="HS256"), lambda: token(key=None, algorithm="none"), lambda: "a.b.c",
        lambda: "",
    ],
)  # fmt: skip
def test_a_crooked_token_says_nothing(keys, crooked):
    with pytest.raises(company.ProviderFailed):
        company.read(crooked(), PLACES, "careline", nonce="n")
