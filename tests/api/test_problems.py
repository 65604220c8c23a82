"""Whatever is asked, the answer is in words: no page, no trace, no 5xx for what a client did wrong."""

from __future__ import annotations

import json

import pytest

from careline.api import problems, urls
from careline.kit.refusals import TooMany


def test_an_unknown_address_is_a_problem_and_not_a_page(program, bos):
    for knocking in (program(None), bos):
        for path in ("nothing", "", "conversations/", "conversations/1/2/3", "docs/", "%00", "..%2f..%2fetc"):
            status, sentence = knocking.get(path).told
            assert (status, sentence[:13]) == (404, "There is noth"), path


def test_a_method_that_is_not_taken_names_those_that_are(bos):
    assert bos.ask("DELETE", "conversations").told == (405, "This resource takes GET, HEAD, POST.")
    assert bos.ask("DELETE", "conversations").headers["allow"] == "GET, HEAD, POST"
    assert bos.ask("POST", "conversations/1/closure").headers["allow"] == "DELETE, PUT"
    for method in ("OPTIONS", "TRACE", "BREW"):
        assert bos.ask(method, "inboxes").status == 405
    assert bos.ask("POST", "openapi.json").told[0] == 405


def test_the_head_of_a_resource_is_that_of_its_answer(bos, program):
    answer = bos.client.head("/api/v1/conversations", headers={"authorization": f"Bearer {bos.secret}"})
    assert (answer.status_code, answer.headers["content-type"], answer.content) == (200, "application/json", b"")
    assert bos.client.head("/api/v1/conversations").status_code == 401


def test_a_stranger_is_told_how_to_be_known(program):
    answer = program(None).get("conversations")
    assert answer.told == (401, "Send an API token: Authorization: Bearer TOKEN.")
    assert answer.headers["www-authenticate"] == 'Bearer realm="careline"'


def test_a_revoked_token_opens_nothing(program, bo, token_of):
    from careline.accounts import actions
    from careline.accounts.actor import SYSTEM
    from careline.accounts.models import Token

    knocking = program(bo)
    assert knocking.get("conversations").status == 200
    for token in Token.objects.all():
        actions.revoke_token(token.pk, actor=SYSTEM)
    assert knocking.get("conversations").told == (401, "This API token is not valid, or was revoked.")


def test_a_session_opens_no_door_of_the_api(bo, client):
    """Only a token does, so no other site can make a browser knock here."""
    from careline.accounts import actions

    assert actions is not None
    client.cookies["careline_session"] = "anything"
    assert client.get("/api/v1/conversations").status_code == 401


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"", "The body is not valid JSON"),
        (b"{", "The body is not valid JSON"),
        (b"nul", "The body is not valid JSON"),
        (b"\xef\xbb\xbf{}", "The body is not valid JSON"),
        (b'{"x":' + b"[" * 200_000, "The body is not valid JSON: it is nested too deeply."),
        (b"[]", "The body: expected an object, got a list."),
        (b"null", "The body: expected an object, got null."),
        (b"{}", "kind is missing."),
        (b'{"kind":"email"}', "value is missing."),
        (b'{"kind":"email","value":5}', "value: expected text, got a whole number."),
        (b'{"kind":"mail","value":"x"}', "kind: invalid enum value 'mail'."),
        (b'{"kind":"email","value":"\\u0000"}', "Email must not contain the character NUL."),
        (b'{"kind":"email","value":"\\udc00"}', "The body is not valid JSON"),
        (b'{"kind":"email","value":1e400}', "value: number out of range."),
    ],
)
def test_a_body_that_cannot_be_read_is_refused_in_words(bos, ada, raw, sentence):
    status, said = bos.post(f"customers/{ada.pk}/identities", raw=raw).told
    assert (status, said[: len(sentence)]) == (422, sentence)


def test_a_field_inside_another_is_named_with_its_way(bos, inbox):
    answer = bos.post("conversations", {"inbox_id": inbox.pk, "body": "x", "customer": {"name": 5}})
    assert answer.told == (422, "customer.name: expected text or null, got a whole number.")
    assert answer.json["field"] == "customer.name"
    listed = bos.post("conversations", {"inbox_id": inbox.pk, "body": "x", "attachments": ["a", 2]})
    assert listed.json["field"] == "attachments[1]"


def test_a_request_without_a_length_is_asked_for_it(bos, ada):
    answer = bos.post(
        f"customers/{ada.pk}/identities", {"kind": "email", "value": "x@y.zz"}, content_length="",
        transfer_encoding="chunked",
    )  # fmt: skip
    assert answer.told[0] == 411


def test_numbers_beyond_any_id_find_nothing(bos):
    for number in ("0", "-1", "9223372036854775808", "1e3", "1.0", "٣", "1 ", "1%00", "9" * 400):
        assert bos.get(f"conversations/{number}").told[0] == 404, number
        assert bos.put(f"conversations/{number}/closure").told[0] == 404, number
        assert bos.patch(f"customers/{number}", {"name": "x"}).told[0] == 404, number


def test_languages_of_the_caller_change_no_answer(bos):
    """Programs compare sentences, whatever their library sends along."""
    assert bos.get("customers/0", accept_language="ar").told == bos.get("customers/0").told


def test_a_database_that_is_away_is_said_with_a_time_to_come_back(bos, monkeypatch):
    from django.db import OperationalError

    from careline.channels import access

    def away(secret, address):
        raise OperationalError("the connection is lost")

    monkeypatch.setattr(access, "actor_of_token", away)
    answer = bos.get("customers")
    assert answer.told == (503, problems.AWAY)
    assert answer.headers["retry-after"] == "2"


def test_a_fault_of_ours_tells_nothing_of_our_insides(bos, monkeypatch, caplog):
    from careline.customers import queries

    def broken(*_args, **_given):
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(queries, "search", broken)
    answer = bos.get("customers")
    assert answer.told == (500, problems.FAULT)
    assert "secret detail" in caplog.text


def test_every_refusal_has_its_status_and_headers():
    answer = problems.of(TooMany("Slow down.", retry_after=7))
    assert (answer.status, answer.headers["Retry-After"]) == (429, "7")
    assert json.loads(answer.body)["title"] == "Too Many Requests"


def test_no_space_is_said_and_nothing_promised():
    from psycopg import errors

    wrapped = RuntimeError()
    wrapped.__cause__ = errors.DiskFull()
    assert problems.of(errors.DiskFull()).status == problems.of(wrapped).status == 507


def test_every_address_is_kept_by_the_door():
    """A view that were mounted bare would answer its faults as pages."""
    bare = [one.name for one in urls.urlpatterns if one.name != "api-docs" and not hasattr(one.callback, "__wrapped__")]
    assert bare == []
