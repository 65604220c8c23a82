"""Who somebody is, taken out of a text before it leaves the house, and put back into what comes home.

What has a form is found by it: addresses, numbers of cards (their check digit must hold), accounts (ISO 13616), phones,
identity papers, network addresses, secrets in links. What has none, a name above all, is found only where the house
knows it: the values of the customer's profile. A name nobody knows stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from ipaddress import ip_address

import phonenumbers

_EMAIL = re.compile(r"[^\s@<>()\[\],;:\"']{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_DIGITS = re.compile(r"(?<![\w.])\d(?:[ \-.]?\d){11,18}(?![\w]|\.\d)")
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?:[ \-]?[A-Z0-9]){11,30}(?!\w)", re.IGNORECASE)
# Numbers of persons: of the United States as they are written there; what a word before them says they are.
_SSN = re.compile(r"(?<![\w-])(?!000|666|9\d\d)\d{3}-(?!00)\d\d-(?!0000)\d{4}(?![\w-])")
_NAMED = re.compile(
    r"(?:passport|passw(?:or)?d|pin(?:\s+code)?|otp|nik|ktp|npwp|ssn|cvv|cvc|api[ _-]?key|token|secret)"
    r"(?:\s+(?:number|no\.?|nomor))?\s*(?:is|are|:|=|#|adalah)?\s*(?=[\w.\-]{0,63}\d)([A-Za-z0-9][\w.\-]{2,63})",
    re.IGNORECASE,
)
_LINK_SECRET = re.compile(r"(?<=[?&])(?:token|key|sig|signature|code|secret|password|auth)=([^\s&#\"'<>]{4,512})", re.I)
_ADDRESS = re.compile(r"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{1,4}(?::[0-9a-f]{0,4}){3,7})(?![\w.:])", re.I)
_PLACEHOLDER = re.compile(r"\[[A-Z]+_\d+\]")
# Shorter, a known value is as likely an ordinary word.
SHORTEST = 3
Found = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Hidden:
    """`text` has placeholders such as [EMAIL_1]; `restore` puts back into any text what they stand for."""

    text: str
    restore: Callable[[str], str]


class Mask:
    """Several texts of one talk: the same value gets the same placeholder in all of them."""

    def __init__(self, known: Iterable[str] = (), *, region: str | None = None) -> None:
        self.region = region.upper() if region else None
        words = {value.strip() for value in known if len(value.strip()) >= SHORTEST}
        # The longest first: a whole name before its parts.
        options = "|".join(re.escape(word) for word in sorted(words, key=lambda one: (-len(one), one)))
        self._known = re.compile(rf"(?<!\w)(?:{options})(?!\w)", re.IGNORECASE) if options else None
        self._names: dict[tuple[str, str], str] = {}
        self._values: dict[str, str] = {}

    def hide(self, text: str) -> str:
        made, at = [], 0
        for start, end, kind in self._chosen(text):
            made += [text[at:start], self._name(kind, text[start:end])]
            at = end
        return "".join([*made, text[at:]])

    def restore(self, text: str) -> str:
        return _PLACEHOLDER.sub(lambda found: self._values.get(found[0], found[0]), text)

    @property
    def hidden(self) -> int:
        """How many values were taken out."""
        return len(self._values)

    def _chosen(self, text: str) -> Iterator[Found]:
        """Without overlaps: what begins first, and of those the longest."""
        found = sorted(_found(text, self.region, self._known), key=lambda one: (one[0], -one[1]))
        at = 0
        for start, end, kind in found:
            if start >= at:
                yield start, end, kind
                at = end
            elif end > at:
                # The rest of what another began with is hidden too.
                yield at, end, kind
                at = end

    def _name(self, kind: str, value: str) -> str:
        key = kind, value.casefold()
        if key not in self._names:
            number = 1 + sum(kind == each for each, _value in self._names)
            name = f"[{kind}_{number}]"
            self._names[key], self._values[name] = name, value
        return self._names[key]


def hide(text: str, known: Iterable[str] = (), *, region: str | None = None) -> Hidden:
    """`known` are values of this customer's profile; `region` (such as "ID") reads phone numbers without a prefix."""
    mask = Mask(known, region=region)
    return Hidden(mask.hide(text), mask.restore)


def _found(text: str, region: str | None, known: re.Pattern[str] | None) -> Iterator[Found]:
    # What looks like a placeholder already may not stand for something of ours when the answer comes home.
    yield from ((*one.span(), "QUOTED") for one in _PLACEHOLDER.finditer(text))
    yield from ((*one.span(), "EMAIL") for one in _EMAIL.finditer(text))
    yield from ((*one.span(), "CARD") for one in _DIGITS.finditer(text) if _is_card(one[0]))
    for one in _IBAN.finditer(text):
        if length := _iban_length(one[0]):
            yield one.start(), one.start() + length, "ACCOUNT"
    yield from ((*one.span(), "NUMBER") for one in _SSN.finditer(text))
    yield from ((*one.span(1), "SECRET") for one in _LINK_SECRET.finditer(text))
    yield from ((*one.span(1), "NUMBER") for one in _NAMED.finditer(text))
    yield from ((*one.span(), "ADDRESS") for one in _ADDRESS.finditer(text) if _is_address(one[0]))
    for phone in phonenumbers.PhoneNumberMatcher(text, region):
        yield phone.start, phone.end, "PHONE"
    if known is not None:
        yield from ((*one.span(), "PERSON") for one in known.finditer(text))


def _is_card(written: str) -> bool:
    digits = [int(sign) for sign in written if sign.isdecimal()]
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[-2::-2]]
    return len(set(digits)) > 1 and (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _iban_length(written: str) -> int:
    """How much of it is one: a word may follow that could belong to it."""
    plain = ""
    best = 0
    for at, sign in enumerate(written, 1):
        if sign not in " -":
            plain += sign.upper()
            if len(plain) >= 15 and _is_account(plain):
                best = at
    return best


def _is_account(plain: str) -> bool:
    turned = plain[4:] + plain[:4]
    return plain.isascii() and int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1


def _is_address(written: str) -> bool:
    try:
        ip_address(written)
    except ValueError:
        return False
    return True
