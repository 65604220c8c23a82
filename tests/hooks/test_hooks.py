"""Programs are told, signed, once it is committed; who does not answer is asked again, nothing private is called."""

from __future__ import annotations

import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import msgspec
import pytest

from careline import hooks
from careline.hooks import actions, delivery, queries
from careline.hooks.models import Call
from careline.kit import clock, signing
from careline.kit.refusals import NotAllowed, Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def program():
    """A program that listens: what it was told, and what it answers next."""

    class Listening(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.append((dict(self.headers), body))
            self.send_response(answers.pop(0) if answers else 204)
            self.end_headers()

        def log_message(self, *_said: object) -> None:
            """Quietly."""

    told: list[tuple[dict[str, str], bytes]] = []
    answers: list[int] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Listening)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/hook", told, answers
    server.shutdown()
    server.server_close()


def test_a_program_is_told_once_and_can_prove_by_whom(boss, program, settings):
    settings.CARELINE_ALLOW_PRIVATE_HTTP = True
    url, told, _answers = program
    made, secret = actions.open_endpoint("Shop", url, actor=boss)
    for _again in range(2):
        hooks.send(made.pk, "rule.fired", key="rule:1", conversation={"id": "7"})
    assert delivery.deliver_due() == 1
    [(headers, body)] = told
    signing.standard_webhooks_verify(secret, headers, body)
    assert msgspec.json.decode(body)["data"] == {"conversation": {"id": "7"}}
    assert delivery.deliver_due() == 0


def test_who_does_not_answer_is_asked_again_and_who_is_gone_is_not(boss, program, settings):
    settings.CARELINE_ALLOW_PRIVATE_HTTP = True
    url, told, answers = program
    answers += [500, 200, 410]
    made, _secret = actions.open_endpoint("Shop", url, actor=boss)
    hooks.send(made.pk, "rule.fired", key="one")
    now = clock.now()
    assert delivery.deliver_due(at=now) == 0
    assert delivery.deliver_due(at=now + timedelta(seconds=9)) == 0
    assert delivery.deliver_due(at=now + timedelta(seconds=11)) == 1
    hooks.send(made.pk, "rule.fired", key="two")
    assert delivery.deliver_due(at=now + timedelta(seconds=30)) == 0
    assert delivery.deliver_due(at=now + timedelta(days=2)) == 0
    assert len(told) == 3
    [listening] = queries.endpoints(boss)
    assert (listening.waiting, listening.failed) == (0, 1)


def test_the_private_network_is_not_called(boss, program, settings):
    settings.CARELINE_ALLOW_PRIVATE_HTTP = False
    url, told, _answers = program
    made, _secret = actions.open_endpoint("Inside", url, actor=boss)
    hooks.send(made.pk, "rule.fired", key="one")
    assert delivery.deliver_due() == 0
    assert "private network" in Call.objects.get().trouble
    assert told == []


@pytest.mark.parametrize("url", ["ftp://x.example", "https://", "https://me:secret@x.example", " "])
def test_an_address_that_cannot_be_is_refused(boss, bo, url):
    with pytest.raises(Refused):
        actions.open_endpoint("Shop", url, actor=boss)
    with pytest.raises(NotAllowed):
        actions.open_endpoint("Shop", "https://x.example", actor=bo)
