"""What a token of a provider is worth, and what a crooked one is."""

from __future__ import annotations

import base64
import hmac
import time

import httpx
import jwt
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from careline.accounts import company

ONE, OTHER = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _n in range(2))
PLACES = company.Places("https://id.example", "https://id.example/a", "https://id.example/t", "https://id.example/k")
CLAIMS = {"iss": "https://id.example", "sub": "7", "aud": "careline", "nonce": "n"}


def token(key=ONE, algorithm="RS256", kid="one", **claims):
    now = int(time.time())
    said = {name: value for name, value in ({**CLAIMS, "iat": now, "exp": now + 60, **claims}).items() if value}
    return jwt.encode(said, key, algorithm=algorithm, headers={"kid": kid})


def by_what_everybody_knows() -> str:
    """The public key taken for a shared secret."""
    known = ONE.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    head = base64.urlsafe_b64encode(b'{"alg":"HS256","typ":"JWT","kid":"one"}').rstrip(b"=")
    said = head + b"." + token().split(".")[1].encode()
    return (said + b"." + base64.urlsafe_b64encode(hmac.digest(known, said, "sha256")).rstrip(b"=")).decode()


def public(key, name, **more):
    return jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True) | {"kid": name, "alg": "RS256"} | more


@pytest.fixture
def keys(monkeypatch):
    """What the provider publishes, to be changed."""
    published = [public(ONE, "one")]
    monkeypatch.setattr(company, "_asked", lambda *_a, **_m: httpx.Response(200, json={"keys": published}).content)
    return published


def test_a_right_token_says_who_it_is(keys):
    now = int(time.time())
    # Clocks may be a minute apart, either way.
    for said in (token(), token(exp=now - 30), token(iat=now + 30), token(azp="careline"),
                 token(aud=["careline", "another"], azp="careline")):  # fmt: skip
        assert company.read(said, PLACES, "careline", nonce="n")["sub"] == "7"


def test_a_key_the_provider_takes_back_signs_nothing_any_more_and_a_new_one_does(keys):
    fresh = token(key=OTHER, kid="two")
    with pytest.raises(company.ProviderFailed):
        company.read(fresh, PLACES, "careline", nonce="n")
    keys.append(public(OTHER, "two"))
    assert company.read(fresh, PLACES, "careline", nonce="n")["sub"] == "7"
    assert company.read(token(), PLACES, "careline", nonce="n")["sub"] == "7"
    keys.pop(0)
    with pytest.raises(company.ProviderFailed):
        company.read(token(), PLACES, "careline", nonce="n")
    # One that is for hiding words signs none.
    keys[:] = [public(OTHER, "two", use="enc")]
    with pytest.raises(company.ProviderFailed):
        company.read(fresh, PLACES, "careline", nonce="n")


def test_who_answers_must_be_who_was_asked():
    named = msgspec.structs.replace(PLACES, authorization_response_iss_parameter_supported=True)
    company.must_be_it(PLACES, "")
    company.must_be_it(named, "https://id.example")
    for found, said in ((named, ""), (named, "https://evil.example"), (PLACES, "https://evil.example")):
        with pytest.raises(company.ProviderFailed):
            company.must_be_it(found, said)


@pytest.mark.parametrize(
    "crooked",
    [
        lambda: token(key=OTHER), lambda: token(aud="another"), lambda: token(aud=["careline", "another"]),
        lambda: token(iss="https://evil.example"), lambda: token(nonce="m"), lambda: token(nonce=None),
        lambda: token(exp=int(time.time()) - 120), lambda: token(exp=None), lambda: token(sub=None),
        lambda: token(iat=int(time.time()) + 120), lambda: token(nbf=int(time.time()) + 120), lambda: token(iat=None),
        lambda: token(azp="another"), lambda: token(aud=None), lambda: token(kid="two"),
        lambda: by_what_everybody_knows(),
        lambda: token(key="x" * 40, algorithm="HS256"), lambda: token(key=None, algorithm="none"), lambda: "a.b.c",
        lambda: "",
    ],
)  # fmt: skip
def test_a_crooked_token_says_nothing(keys, crooked):
    with pytest.raises(company.ProviderFailed):
        company.read(crooked(), PLACES, "careline", nonce="n")
