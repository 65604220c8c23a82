"""Words of the domain for "no": each refusal carries one clear sentence and the status a door answers with."""

from typing import ClassVar

from careline.kit.sentences import Words


class Refused(Exception):
    """What was asked cannot be done; the sentence says why. `field` names the part of the input it is about."""

    status: ClassVar[int] = 422
    code: ClassVar[str] = "refused"

    def __init__(self, sentence: Words, *, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


class NotVisible(Refused):
    """It does not exist, or not for this viewer: the two are told apart by nobody."""

    status = 404
    code = "not_found"


class NotAllowed(Refused):
    status = 403
    code = "not_allowed"


class Conflicting(Refused):
    """Somebody else was first, or the thing is in a state that does not take this verb."""

    status = 409
    code = "conflict"


class TooLarge(Refused):
    status = 413
    code = "too_large"


class TooSlow(Refused):
    status = 408
    code = "too_slow"


class TooMany(Refused):
    """Too often in too short a time; `retry_after` are the seconds to wait."""

    status = 429
    code = "too_many"

    def __init__(self, sentence: Words, *, field: str | None = None, retry_after: int | None = None) -> None:
        super().__init__(sentence, field=field)
        self.retry_after = retry_after
