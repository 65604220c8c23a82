"""What providers deliver: kept once, answered at once, and refused in words when it is not theirs."""

from __future__ import annotations

import base64

import msgspec
import pytest

from careline.kit import clock, signing

SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()
BODY = msgspec.json.encode(
    {"id": "m-1", "from": {"external_id": "cust-7", "name": "Lin"}, "body": "Hello", "sent_at": "2026-03-02T09:00:00Z"}
)


@pytest.fixture
def deliver(organization, client):
    """A delivery to an inbox of the API channel, signed as Standard Webhooks unless told otherwise."""
    from careline.channels.models import Inbox

    Inbox.objects.create(kind="api", name="Shop", key="shop-api", secret=signing.seal(SECRET.encode()))

    def deliver(body=BODY, *, secret=SECRET, key="shop-api", kind="api", message_id="d-1", age=0, **headers):
        at = int(clock.now().timestamp()) - age
        signed = {
            "webhook-id": message_id,
            "webhook-timestamp": str(at),
            "webhook-signature": signing.standard_webhooks_sign(secret, message_id, at, body),
        }
        return client.generic(
            "POST", f"/channels/{kind}/{key}", body, content_type="application/json", headers=signed | headers
        )

    return deliver


def told(answer) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["detail"]


def test_a_delivery_is_kept_as_it_came(deliver):
    from careline.channels import backlog
    from careline.channels.models import Inbound

    answer = deliver()
    assert (answer.status_code, answer.json()["repeated"]) == (200, False)
    kept = Inbound.objects.get(pk=int(answer.json()["id"]))
    assert backlog.raw_of(kept) == BODY


def test_a_delivery_that_comes_again_is_kept_once(deliver):
    from careline.channels.models import Inbound

    first, again = deliver(), deliver()
    assert (again.status_code, again.json()) == (200, first.json() | {"repeated": True})
    assert Inbound.objects.count() == 1


def test_what_its_sender_did_not_sign_is_refused(deliver):
    other = "whsec_" + base64.b64encode(b"x" * 32).decode()
    assert told(deliver(secret=other))[0] == 401
    assert told(deliver(age=3600))[0] == 401
    assert told(deliver(**{"webhook-signature": "v1,nonsense"}))[0] == 401
    assert told(deliver(**{"webhook-timestamp": "soon"}))[0] == 401


def test_there_is_no_inbox_that_is_not_there(deliver, client):
    assert told(deliver(key="nowhere"))[0] == 404
    assert told(deliver(kind="webchat"))[0] == 404
    assert told(deliver(kind="carrier-pigeon"))[0] == 404
    for path in ("/channels/", "/channels/api", "/channels/api/shop-api/more"):
        assert told(client.post(path))[0] == 404


def test_a_channel_without_a_handshake_answers_none(deliver, client):
    assert told(client.get("/channels/api/shop-api"))[0] in (403, 404)
    answer = client.put("/channels/api/shop-api")
    assert (told(answer)[0], answer.headers["allow"]) == (405, "GET, HEAD, POST")


def test_a_delivery_has_a_limit(deliver):
    assert told(deliver(b'{"body":"' + b"x" * (1024 * 1024) + b'"}'))[0] == 413


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff", b'{"id":5}', b"[" * 50_000])
def test_bytes_that_are_signed_and_no_message_are_no_fault(deliver, body):
    answer = deliver(body)
    assert answer.status_code in (200, 422), answer.content
