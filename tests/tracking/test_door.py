"""The contract of the wire: what is answered to whom, what lands, and what is never lost or doubled."""

from __future__ import annotations

import asyncio
import base64
import random

import msgspec
import pytest

from careline.customers.models import Person
from careline.tracking import limits

HELLO = {"anonymousId": "a-1", "event": "Hello", "properties": {"n": 1}, "messageId": "m-1"}
SUCCESS = b'{"success":true}'


def basic(written: str) -> str:
    return "Basic " + base64.b64encode(written.encode()).decode()


@pytest.mark.parametrize(
    ("path", "body", "kind"),
    [
        ("identify", {"userId": "u", "traits": {"plan": "pro"}}, "customer.described"),
        ("track", HELLO, "event.tracked"),
        ("page", {"anonymousId": "a", "properties": {"url": "https://shop.example/"}}, "page.viewed"),
        ("screen", {"anonymousId": "a", "name": "Cart"}, "screen.viewed"),
        ("group", {"userId": "u", "groupId": "g"}, "group.joined"),
        ("alias", {"userId": "u", "previousId": "a"}, "customer.aliased"),
        ("batch", {"batch": [{"type": "track", **HELLO}]}, "event.tracked"),
        ("import", {"batch": [{"type": "track", **HELLO}]}, "event.tracked"),
        ("i", {"userId": "u"}, "customer.described"),
        ("t", HELLO, "event.tracked"),
        ("p", {"anonymousId": "a"}, "page.viewed"),
        ("s", {"anonymousId": "a"}, "screen.viewed"),
        ("g", {"userId": "u", "groupId": "g"}, "group.joined"),
        ("a", {"userId": "u", "previousId": "a"}, "customer.aliased"),
        ("b", {"batch": [{"type": "track", **HELLO}]}, "event.tracked"),
    ],
)
def test_every_address_takes_its_event(sender, shop, line, path, body, kind):
    answer = sender(shop).post(path, body)
    assert (answer.status, answer.body) == (200, SUCCESS)
    assert [one.kind for one in line()] == [kind]


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"authorization": basic("shop-server-key:")}, {}),
        ({"authorization": basic("shop-server-key")}, {}),
        ({"authorization": basic("shop-server-key:ignored")}, {}),
        ({"x_write_key": "shop-server-key"}, {}),
        ({}, {"writeKey": "shop-server-key"}),
        ({"authorization": "Bearer something"}, {"writeKey": "shop-server-key"}),
        ({"content_type": "text/plain"}, {"writeKey": "shop-server-key"}),
    ],
)
def test_the_key_may_stand_in_any_of_its_places(sender, shop, line, headers, body):
    assert sender(None).post("track", HELLO | body, **headers).status == 200
    assert len(line()) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": basic("nobody:")},
        {"authorization": "Basic not base64!"},
        {"authorization": basic("\0:")},
        {"authorization": basic("ключ:")},
    ],
)
@pytest.mark.parametrize("raw", [None, b"{", b"[]"])
def test_an_unknown_key_is_401_whatever_it_brings(sender, shop, line, seen, headers, raw):
    if not headers and raw == b"{":
        pytest.skip("Without a key outside, a body that is no JSON is only that.")
    answer = sender(None).post("track", HELLO, raw=raw, **headers)
    assert answer.status == 401
    assert answer.json["success"] is False
    assert answer.headers["www-authenticate"].startswith("Basic")
    assert line() == seen() == []


def test_the_key_of_an_archived_source_opens_nothing(sender, shop, boss, line):
    from careline.tracking import actions

    actions.archive_source(shop.pk, actor=boss)
    assert sender(shop).post("track", HELLO).status == 401
    actions.restore_source(shop.pk, actor=boss)
    assert sender(shop).post("track", HELLO).status == 200


@pytest.mark.parametrize(
    ("path", "raw"),
    [
        ("track", b""),
        ("track", b"{"),
        ("track", b'{"event": "x", }'),
        ("track", b'{"event": "\xff\xfe", "userId": "u"}'),
        ("track", b"[" * 5000 + b"]" * 5000),
        ("track", b'{"userId": "u", "event": "x", "properties": ' + b'{"a":' * 2000 + b"1" + b"}" * 2000 + b"}"),
        ("batch", b'{"batch": [{"type": "track"]}'),
        ("track", msgspec.json.encode(HELLO | {"properties": {"x": "y" * limits.EVENT}})),
        ("batch", msgspec.json.encode({"batch": [{"type": "track", **HELLO, "x": "y" * limits.EVENT}]})),
        ("batch", msgspec.json.encode({"batch": [{"type": "track", **HELLO}] * 2501})),
        ("batch", b'{"batch": []' + b" " * limits.BATCH + b"}"),
        ("batch", b" " * (9 * limits.BATCH)),
    ],
)
def test_only_what_is_no_json_or_too_large_is_400(sender, shop, line, path, raw):
    answer = sender(shop).post(path, raw=raw)
    assert answer.status == 400
    assert answer.json["success"] is False
    assert line() == []


@pytest.mark.parametrize(
    ("body", "field", "reason"),
    [
        ({"event": "x"}, "userId", "no_user_anon_id"),
        ({"event": "x", "userId": "", "anonymousId": "  "}, "userId", "no_user_anon_id"),
        ({"userId": "u"}, "event", "missing"),
        ({"userId": "u", "event": 7.5e300}, None, None),
        ({"userId": "u", "event": ["x"]}, "event", "no_text"),
        ({"userId": True, "event": "x"}, "userId", "no_text"),
        ({"userId": {"id": 1}, "event": "x"}, "userId", "no_text"),
        ({"userId": "u", "event": "x" * 201}, "event", "too_long"),
        ({"userId": "u" * 301, "event": "x"}, "userId", "too_long"),
        ({"userId": "u", "event": "x", "messageId": "m" * 101}, "messageId", "too_long"),
        ({"userId": "u", "event": "x", "properties": [1]}, "properties", "no_object"),
        ({"userId": "u", "event": "x", "context": "web"}, "context", "no_object"),
        ({"userId": "u", "event": "x", "timestamp": "yesterday"}, "timestamp", "no_moment"),
        ({"userId": "u", "event": "x", "timestamp": 1700000000}, "timestamp", "no_moment"),
        ({"userId": "u\0", "event": "x"}, "userId", "unstorable"),
        ({"userId": "u", "event": "x", "properties": {"a": "nul \0 inside"}}, "properties", "unstorable"),
        ({"userId": "u", "event": "x", "properties": {"a\0": 1}}, "properties", "unstorable"),
        ("a text", "body", "no_object"),
        (None, "body", "no_object"),
        ([], "body", "no_object"),
    ],
)
def test_everything_else_is_200_and_the_debugger_says_which_field(sender, shop, line, seen, body, field, reason):
    answer = sender(shop).post("track", body)
    assert (answer.status, answer.body) == (200, SUCCESS)
    [sighting] = seen()
    if field is None:
        assert sighting.outcome == "accepted"
        return
    assert (sighting.outcome, sighting.field, sighting.reason) == ("refused", field, reason)
    assert line() == []


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("group", {"userId": "u"}, "groupId"),
        ("alias", {"userId": "u"}, "previousId"),
        ("alias", {"previousId": "u"}, "userId"),
        ("batch", {"events": []}, "batch"),
        ("batch", {"batch": {"a": 1}}, "batch"),
        ("batch", {"batch": [{"type": "purchase", "userId": "u"}]}, "type"),
        ("batch", {"batch": [7]}, "body"),
    ],
)
def test_a_field_that_is_missing_is_named(sender, shop, seen, path, body, field):
    assert sender(shop).post(path, body).status == 200
    assert [(one.outcome, one.field) for one in seen()] == [("refused", field)]


def test_half_a_character_is_refused_and_the_rest_of_the_batch_lands(sender, shop, line, seen):
    raw = (
        b'{"batch":[{"type":"track","userId":"u","event":"good"},'
        b'{"type":"track","userId":"u","event":"x","properties":{"a":"\\ud800"}}]}'
    )
    assert sender(shop).post("batch", raw=raw).status in (200, 400)
    # The reader of JSON may take it for no JSON at all; then nothing of it is kept either.
    assert len(line()) in (0, 1)


def test_a_bad_event_does_not_take_the_good_ones_along(sender, shop, line, seen):
    good = {"type": "track", "userId": "u", "event": "good"}
    assert sender(shop).post("batch", {"batch": [good, {"type": "track"}, 3, good, {"type": "nothing"}]}).status == 200
    assert [one.facts["name"] for one in line()] == ["good", "good"]
    assert sum(one.outcome == "refused" for one in seen()) == 3


def test_a_batch_that_came_twice_lands_once(sender, shop, line):
    batch = [{"type": "track", "userId": "u", "event": f"e{n}", "messageId": f"m{n}"} for n in range(50)]
    for order in (batch, batch[::-1], random.sample(batch, 50), batch[:10] + batch):
        assert sender(shop).post("batch", {"batch": order}).status == 200
    assert sorted(one.facts["name"] for one in line()) == sorted(f"e{n}" for n in range(50))


def test_one_message_id_of_two_sources_is_two_events(sender, shop, site, line):
    assert sender(shop).post("track", HELLO).status == 200
    assert sender(site).post("track", HELLO).status == 200
    assert len(line()) == 2


def test_the_same_batch_at_the_same_time_lands_once(sender, shop, line, loop):
    batch = [
        {"type": "identify" if n % 5 == 0 else "track", "userId": f"u{n % 4}", "anonymousId": f"a{n % 6}",
         "event": "x", "messageId": f"m{n}", "traits": {"n": n}}
        for n in range(60)
    ]  # fmt: skip
    knocking = sender(shop)

    async def together() -> list[int]:
        answers = [knocking.apost("batch", {"batch": random.sample(batch, 60)}) for _n in range(8)]
        return [one.status for one in await asyncio.gather(*answers)]

    assert loop.run_until_complete(together()) == [200] * 8
    assert len(line()) == 60
    assert Person.objects.filter(canonical=None).count() <= 6


def test_browsers_of_every_site_may_ask(sender, site):
    answer = sender(site).post("track", raw=b"", method="OPTIONS", origin="https://shop.example")
    assert answer.status == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "authorization" in answer.headers["access-control-allow-headers"]
    assert sender(site).post("track", HELLO).headers["access-control-allow-origin"] == "*"
    assert sender(site).post("track", HELLO, method="GET").status == 405
