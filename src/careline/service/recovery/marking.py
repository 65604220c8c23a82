"""What a conversation's row says of its recovery: why and until when, without a word of the customer's."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from careline.service.conversations.hot.shapes import Mark
from careline.service.recovery.models import Cause


def marked(cause: Cause, due_at: datetime, *, late: bool = False) -> dict[str, Any]:
    mark = Mark(cause.kind, due_at, cause.metric, cause.score, cause.top, late)
    return msgspec.to_builtins(mark)  # type: ignore[no-any-return]
