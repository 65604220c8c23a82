"""A tablet on the counter: after an answer thanks, then the next person begins. What was given offline waits there."""

from __future__ import annotations

import json
import time
from collections import OrderedDict, deque
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from careline.experience.surveys import links
from careline.experience.surveys.queries import Opened
from careline.kit import ids, signing
from careline.kit.refusals import TooMany

# Where a link for everybody was opened; kept with the answer.
PLACES = ("counter", "qr")
PAGE = "survey.page"
THANKS_S = 8
# Somebody left in the midst: nobody sees what they said.
LEFT_S = 90
# So many answers can wait on a tablet until it finds us again.
SPARE = 25
# Links for everybody take so many posts from one address: a busy counter, and no script.
MOST, WINDOW_S = 240, 600.0
ADDRESSES = 10_000
_posts: OrderedDict[str, deque[float]] = OrderedDict()


def place(request: HttpRequest) -> str:
    given = request.GET.get("at", "")
    return given if given in PLACES else ""


def context(request: HttpRequest, found: Opened, *, is_over: bool = False) -> dict[str, Any]:
    """What a page on the counter needs beside the others."""
    at = place(request)
    if at != "counter":
        return {"at": at, "again": "", "again_after": 0, "spare": ""}
    sort: links.Sort = "trial" if found.is_test else "open"
    begun = found.link.sort == "own" or is_over
    after = (THANKS_S if is_over else LEFT_S) if begun else 0
    spare = [] if begun else [signing.sign(PAGE, str(ids.uuid7())) for _one in range(SPARE)]
    return {
        "at": at, "again": f"{links.path(sort, found.survey_id)}?at=counter", "again_after": after,
        "spare": json.dumps(spare) if spare else "",
    }  # fmt: skip


def must_be_slow(request: HttpRequest, found: Opened) -> None:
    """For links anybody may have. Addresses are known in memory alone, and for ten minutes."""
    if found.link.sort != "open":
        return
    now, key = time.monotonic(), signing.digest(f"{found.survey_id}\0{request.META.get('REMOTE_ADDR', '')}")
    posts = _posts.setdefault(key, deque())
    _posts.move_to_end(key)
    while posts and posts[0] < now - WINDOW_S:
        posts.popleft()
    if len(posts) >= MOST:
        wait = int(posts[0] + WINDOW_S - now) + 1
        raise TooMany(_("Too many answers came from here. Try again in a few minutes."), retry_after=wait)
    posts.append(now)
    while len(_posts) > ADDRESSES:
        _posts.popitem(last=False)
