"""What every adapter must bear: each payload twice, shuffled, split, with unknown fields, forged, cut off, too large.

An adapter joins by a folder beside this file: `payloads/*.json` as the provider sends them, and `provider.py`, whose
`headers(inbox, raw)` are those of a genuine delivery.
"""

from __future__ import annotations

import importlib
import json
import random
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from careline.channels import adapter, inbound
from careline.channels.adapter import Endpoint, Unreadable
from careline.channels.models import Inbound
from careline.kit.refusals import Refused
from careline.service.conversations.models import Message

HERE = Path(__file__).parent
# Mails are no JSON, and none is ever refused: tests/channels/email holds them to the same.
KINDS = sorted(adapter.adapters().keys() - {"email"})
Open = Callable[..., Endpoint]


class Line:
    """One inbox, and deliveries to it by the way they really come."""

    def __init__(self, kind: str, inbox: Endpoint, intake: Callable[[int, adapter.Inbound], int]) -> None:
        self.kind, self.inbox, self.intake = kind, inbox, intake
        self.channel = adapter.of(kind)
        self.provider = importlib.import_module(f"tests.channels.{kind}.provider")

    def deliver(self, raw: bytes, headers: dict[str, str] | None = None) -> Refused | Unreadable | None:
        """Nothing when it was taken in or kept; the refusal, with its word, otherwise. Anything else is a fault."""
        named = self.provider.headers(self.inbox, raw) if headers is None else headers
        try:
            if self.channel.capabilities.webhook:
                inbound.accept(self.kind, self.inbox.key, raw, named)
            else:
                for item in self.channel.parse(self.inbox, raw, named):
                    self.intake(self.inbox.inbox_id, item)
        except (Refused, Unreadable) as refusal:
            if str(refusal).strip():
                return refusal
            raise AssertionError("a refusal without a word") from refusal
        return None

    def deliver_all(self, raws: Iterable[bytes]) -> None:
        for raw in raws:
            assert self.deliver(raw) is None, raw
        self.settle()

    def settle(self) -> None:
        while inbound.take(3):
            pass

    def messages(self) -> list[tuple[str, str]]:
        found = Message.objects.filter(inbox_id=self.inbox.inbox_id, kind="incoming")
        return sorted((str(one.external_id), one.body) for one in found)


def payloads(kind: str) -> list[bytes]:
    return [path.read_bytes() for path in sorted((HERE / kind / "payloads").glob("*.json"))]


def embroidered(value: Any) -> Any:
    """With a field nobody knows in every object."""
    if isinstance(value, dict):
        return {name: embroidered(inner) for name, inner in value.items()} | {"x_new": {"deep": [1, None, "é"]}}
    return [embroidered(inner) for inner in value] if isinstance(value, list) else value


def changed(value: str) -> str:
    """As long as before, and never the same: a signature may end in whatever one would put there."""
    place = len(value) // 2
    return value[:place] + ("0" if value[place] != "0" else "1") + value[place + 1 :]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
class AdapterSuite:
    @pytest.fixture
    def lines(self, kind: str, open_inbox: Open, intake: Any) -> Callable[[], Line]:
        return lambda: Line(kind, open_inbox(kind), intake)

    @pytest.fixture
    def once(self, kind: str, lines: Callable[[], Line]) -> list[tuple[str, str]]:
        """The messages of a quiet day: each payload once, in order."""
        line = lines()
        line.deliver_all(payloads(kind))
        assert line.messages(), f"tests/channels/{kind}/payloads holds no message"
        return line.messages()

    def test_each_twice_is_each_once(self, kind: str, lines: Any, once: Any) -> None:
        line = lines()
        for raw in payloads(kind):
            line.deliver_all([raw, raw])
        line.deliver_all(payloads(kind))
        assert line.messages() == once

    @pytest.mark.parametrize("seed", range(5))
    def test_their_order_does_not_matter(self, kind: str, seed: int, lines: Any, once: Any) -> None:
        line, raws = lines(), payloads(kind) * 2
        random.Random(seed).shuffle(raws)
        line.deliver_all(raws)
        assert line.messages() == once

    def test_split_over_two_rounds(self, kind: str, lines: Any, once: Any) -> None:
        line, raws = lines(), payloads(kind)
        line.deliver_all(raws[: len(raws) // 2 + 1])
        line.deliver_all(raws[len(raws) // 2 :])
        assert line.messages() == once

    def test_fields_nobody_knows_are_passed_over(self, kind: str, lines: Any, once: Any) -> None:
        line = lines()
        line.deliver_all(json.dumps(embroidered(json.loads(raw))).encode() for raw in payloads(kind))
        assert line.messages() == once

    def test_the_same_message_in_other_bytes_is_the_same_message(self, kind: str, lines: Any, once: Any) -> None:
        line = lines()
        for raw in payloads(kind):
            line.deliver_all([raw, json.dumps(json.loads(raw), indent=3, sort_keys=True).encode()])
        assert line.messages() == once

    def test_forged_is_refused_and_leaves_nothing(self, kind: str, lines: Any) -> None:
        line = lines()
        if not line.channel.capabilities.webhook:
            with pytest.raises(Refused):
                inbound.accept(kind, line.inbox.key, payloads(kind)[0], {})
            return
        for raw in payloads(kind):
            genuine = line.provider.headers(line.inbox, raw)
            turned = [{**genuine, name: changed(value)} for name, value in genuine.items()]
            for headers in [{}, *turned[1:]]:
                assert line.deliver(raw, headers).status in {401, 403}
            assert line.deliver(raw + b" ", genuine).status in {401, 403}
        assert not Inbound.objects.filter(inbox_id=line.inbox.inbox_id).exists()

    def test_cut_off_is_refused_or_kept_with_its_reason(self, kind: str, lines: Any) -> None:
        line = lines()
        for raw in payloads(kind):
            for end in {0, 1, 2, len(raw) // 3, len(raw) // 2, len(raw) - 2}:
                refusal = line.deliver(raw[:end])
                assert refusal is None or getattr(refusal, "status", 422) == 422
        line.settle()
        assert line.messages() == []
        kept = Inbound.objects.filter(inbox_id=line.inbox.inbox_id)
        assert all(row.state == "failed" and row.error for row in kept)

    @pytest.mark.parametrize(
        "raw",
        [
            b"", b"null", b"[]", b"{}", b'"text"', b"1e999", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 50_000,
            b'{"id": {}, "from": [], "body": 7}', b'{"id": "\\ud800", "from": {"external_id": "a"}, "body": "b"}',
        ],
    )  # fmt: skip
    def test_nonsense_is_refused_with_a_word(self, kind: str, raw: bytes, lines: Any) -> None:
        line = lines()
        line.deliver(raw)
        line.settle()
        assert line.messages() == []

    def test_what_is_too_large_is_refused(self, kind: str, lines: Any) -> None:
        line = lines()
        given = json.loads(payloads(kind)[0]) | {"x_padding": "x" * (adapter.of(kind).capabilities.largest + 1)}
        raw = json.dumps(given).encode()
        if not line.channel.capabilities.webhook:
            return  # frames are measured by the socket
        assert line.deliver(raw).status == 413
        assert not Inbound.objects.filter(inbox_id=line.inbox.inbox_id).exists()

    def test_the_settings_screen_can_be_drawn(self, kind: str, lines: Any) -> None:
        channel = lines().channel
        names = [field.name for field in channel.settings_schema()]
        assert len(names) == len(set(names))
        assert all(field.label for field in channel.settings_schema())
        assert channel.label()

    def test_its_health_is_told_in_words(self, kind: str, lines: Any) -> None:
        line = lines()
        assert line.channel.health(line.inbox).words
