"""The one way adapters call the other side: a POST with short patience, whose every failure is a failed delivery."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import msgspec
from django.conf import settings

from careline.channels.adapter import DeliveryFailed
from careline.kit import clock, text
from careline.kit.sentences import joined
from careline.kit.sentences import lasting as _

PATIENCE = 10.0
_LONGEST_ANSWER = 64 * 1024
# The other side has read it and will never take it.
_FOR_GOOD = {400, 410, 413, 414, 415, 422}


# One client for the whole life of the process: a new one reads every root certificate, a tenth of a second of CPU.
@cache
def _client(private: bool) -> Any:
    from careline.kit import http  # a tenth of what starting costs, for whoever sends anything

    return http.client(timeout=PATIENCE)


class Answer(msgspec.Struct, frozen=True):
    status: int
    body: bytes

    def told(self, *names: str) -> str:
        """The first of these members that the JSON answer holds as words; empty when there is none."""
        try:
            answer = msgspec.json.decode(self.body)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            return ""
        if not isinstance(answer, dict):
            return ""
        found = (answer.get(name) for name in names)
        words = [str(one) for one in found if isinstance(one, (str, int)) and not isinstance(one, bool)]
        return words[0].replace("\0", "") if words else ""


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """The answer of a server that took it; raises DeliveryFailed otherwise."""
    answer = ask(url, body, headers)
    if 200 <= answer.status < 300:
        return answer
    why = text.excerpt(answer.told("detail", "message", "error", "title"), 200)
    sentence = _("%(host)s answered %(status)s.") % {"host": _host(url), "status": answer.status}
    raise DeliveryFailed(joined(sentence, why), permanent=answer.status in _FOR_GOOD)


def ask(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """The answer, whatever it is; raises DeliveryFailed when there was none."""
    try:
        return _ask(url, body, headers)
    except DeliveryFailed:
        raise
    except Exception as error:  # whatever happens between here and there, it did not arrive
        words = text.excerpt(str(error), 200) or type(error).__name__
        raise DeliveryFailed(_("%(host)s was not reached: %(why)s") % {"host": _host(url), "why": words}) from error


def _ask(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    began = clock.now()
    received = b""
    client = _client(settings.CARELINE_ALLOW_PRIVATE_HTTP)
    with client.stream("POST", url, content=body, headers=dict(headers)) as response:
        for piece in response.iter_bytes(4096):
            received += piece
            # A server that answers for ever is not waited for; its status is already known.
            if len(received) > _LONGEST_ANSWER or (clock.now() - began).total_seconds() > PATIENCE:
                break
        return Answer(response.status_code, received[:_LONGEST_ANSWER])


def _host(url: str) -> str:
    return urlsplit(url).netloc or url
