"""What every refusal and every fault says (RFC 9457)."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType


class Problem(msgspec.Struct, frozen=True):
    """Why a request was not carried out."""

    type: Annotated[str, Meta(description="Always about:blank: status and code say it all.")]
    title: Annotated[str, Meta(description="The meaning of the status.")]
    status: Annotated[int, Meta(ge=400, le=599)]
    detail: Annotated[str, Meta(description="One sentence for a person.")]
    code: Annotated[str, Meta(description="One word for a program: not_found, conflict, refused and so on.")]
    field: Annotated[str | UnsetType, Meta(description="The part of the request it is about: customer.email.")] = UNSET
