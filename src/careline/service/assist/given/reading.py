"""What a customer's words give: numbers, addresses, days. By form and by the words before them, in English,
Indonesian and Arabic; what we have just asked for may be given without a word before it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import NamedTuple

import phonenumbers

from careline.kit import contacts, text
from careline.kit.refusals import Refused
from careline.service.assist.given import words
from careline.service.assist.given.kinds import Kind

LONGEST = 10_000
# Of one kind in one message; more is a list of something else.
MOST = 4
VALUE_LIMIT = 200
# What is longer does not only answer.
ANSWER = 80


class Found(NamedTuple):
    """As it was written, and what makes two writings of it the same."""

    kind: Kind
    value: str
    key: str


_EMAIL = re.compile(r"[^\s@<>()\[\],;:\"'|]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_NUMBERED = r"(?:\s?(?:number|no\.?|nr\.?|id|code|reference|is|was|adalah|nomor|رقم|هو|:|=|#|-)){0,3}\s?"
_CODE = r"#?(?P<value>(?=[\w-]{0,24}\d)[A-Za-z]{0,6}-?\d[\w]{1,20}(?:-[\w]{1,20}){0,3})(?![\w@])"
_ORDER = re.compile(
    r"(?:(?<!\w)(?:orders?|order|booking|reference|purchase|pesanan|pemesanan|invoice|(?:رقم )?(?:ال)?طلب(?:ي|"
    r"ية|يتي)?|"
    rf"(?:رقم )?(?:ال)?حجز(?:ي)?)){_NUMBERED}{_CODE}",
    re.IGNORECASE,
)
_LOOKS = re.compile(r"(?<![\w/@.-])(?:#(?P<a>\d{3,15})|(?P<b>[A-Z]{1,5}-\d{3,15}(?:-\d{1,8})?))(?![\w@-])")
_MONTH = "|".join(sorted(words.MONTHS, key=lambda one: -len(one)))
_YEAR = r"(?:,?\s(?P<year>20\d\d))?"
_DAYS = (
    re.compile(
        rf"(?<![\w-])(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\sof)?\s(?P<month>{_MONTH})\b\.?{_YEAR}", re.IGNORECASE
    ),
    re.compile(rf"(?<!\w)(?P<month>{_MONTH})\.?\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?![\w:]){_YEAR}", re.IGNORECASE),
    re.compile(r"(?<![\w-])(?P<year>20\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?![\w-])"),
    re.compile(r"(?<![\w/])(?P<day>\d{1,2})[./](?P<month>\d{1,2})[./](?P<year>20\d\d)(?![\w/])"),
)
_STREET = re.compile(
    r"(?<![\w-])\d{1,5}[A-Za-z]?,?\s(?:[A-Z0-9][\w'.-]*\s){1,4}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|"
    r"Way|Court|Square|"
    r"Boulevard|Blvd|Terrace|Close|Crescent|Place|Quay)\b\.?[^\n!?;]{0,80}|"
    r"(?<!\w)(?:[Jj]l\.?|[Jj]ln\.?|[Jj]alan)\s[A-Z0-9][^\n!?;]{4,120}|شارع\s[^\n!?؟;؛]{3,120}"
)
_ADDRESS = re.compile(
    r"(?:\b(?:my|our|new|delivery|shipping|home)(?: \w+)? address(?: is|:| now is)|\balamat(?: \w+)?(?: saya|"
    r" kami)?(?: adalah|:| di)|"
    r"عنواني(?: هو|:)?|العنوان(?: هو|:))\s*(?P<value>[^\n!?؟]{8,160})",
    re.IGNORECASE,
)
_SIZE = re.compile(
    r"(?:(?:\bsizes?|\bukuran|(?<!\w)(?:ال)?مقاس(?:ي)?)(?: is| are| was| saya| adalah| هو|:)?\s|\b(?=(?:eu|uk|"
    r"us)\s?\d))"
    r"(?P<value>(?:(?:eu|uk|us)\s?)?\d{1,3}(?:[.,]5)?|xxs|xs|s|m|l|xl|xxl|[2-5]xl)(?![\w-])",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"(?:\bmy (?:full )?name is|\bmy name's|\bnama (?:lengkap )?saya(?: adalah)?|(?<!\w)اسمي(?: هو)?)\s+"
    r"(?P<value>[^\W\d_][^\d\n.,;:!?؟()]{1,60})",
    re.IGNORECASE,
)
# A name ends where the sentence goes on.
_GOES_ON = re.compile(r"\s(?:and|but|i|my|from|with|dan|dari|saya|و\w*|من)(?:\s.*)?$", re.IGNORECASE)
# Where the next sentence begins; "No. 12" goes on.
_ENDS = re.compile(r"(?<=[\w)]{3})\.(?:\s|$)")
_MORE = re.compile(
    r",?\s(?:and|but|dan|then|please)\s(?:i|my|we|call|please|mail|write|send|the|you|it|hubungi|saya)\b.*",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"#?(?P<value>(?=[\w-]*\d)[\w-]{3,30})")


def given_in(said: str, *, at: datetime, region: str | None = None, asked: Collection[Kind] = ()) -> list[Found]:
    """What it gives, each once. `asked`: what we had asked for just before; `region` reads phones without a prefix."""
    plain = words.plain(said[:LONGEST])
    found: dict[tuple[str, str], Found] = {}
    counts: dict[str, int] = {}
    for kind, value in (*_all(plain, region, at), *_answered(plain, asked)):
        value = " ".join(value.split()).strip(" .,;:")[:VALUE_LIMIT]
        key = key_of(kind, value, at=at, region=region)
        if not key or (kind, key) in found or counts.get(kind, 0) >= MOST:
            continue
        counts[kind] = counts.get(kind, 0) + 1
        found[kind, key] = Found(kind, value, key)
    return list(found.values())


def key_of(kind: Kind, value: str, *, at: datetime, region: str | None = None) -> str:
    """The same for the same thing however it was written; empty where it is none after all."""
    match kind:
        case "email":
            try:
                return contacts.email_key(value)
            except Refused:
                return ""
        case "phone":
            try:
                return contacts.phone_key(value, region or "")
            except Refused:
                return ""
        case "date":
            day = next((_day(one, at) for rule in _DAYS if (one := rule.search(words.plain(value)))), None)
            return day.isoformat() if day else ""
        case "order":
            return re.sub(r"[\W_]", "", value).upper()
        case "size":
            return re.sub(r"\s", "", value).upper().replace(",", ".")
    return text.fold(value)


def _all(plain: str, region: str | None, at: datetime) -> Iterator[tuple[Kind, str]]:
    yield from (("email", one[0]) for one in _EMAIL.finditer(plain))
    taken = []
    for phone in phonenumbers.PhoneNumberMatcher(plain, region):
        taken.append((phone.start, phone.end))
        yield "phone", phone.raw_string
    for one in (*_ORDER.finditer(plain), *_LOOKS.finditer(plain)):
        where = "value" if "value" in one.groupdict() else "a" if one["a"] else "b"
        if not any(start < one.end(where) and one.start(where) < end for start, end in taken):
            yield "order", one[where]
    # What may be is no month.
    days = (one for rule in _DAYS for one in rule.finditer(plain) if not one["month"].startswith("may"))
    yield from (("date", one[0]) for one in days if _day(one, at))
    streets = [_place(one[0]) for one in _STREET.finditer(plain)]
    named = [_place(one["value"]) for one in _ADDRESS.finditer(plain) if not _EMAIL.search(one["value"])]
    # The one that says it is the address says more of it.
    yield from (("address", one) for one in named + [s for s in streets if not any(s in n or n in s for n in named)])
    yield from (("size", one["value"]) for one in _SIZE.finditer(plain))
    yield from (("name", _GOES_ON.sub("", one["value"])) for one in _NAME.finditer(plain))


def _place(said: str) -> str:
    """Up to where the sentence ends, or goes on with something else."""
    return _MORE.sub("", _ENDS.split(said)[0])


def _answered(plain: str, asked: Collection[Kind]) -> Iterator[tuple[Kind, str]]:
    """A short answer to one question, of what has no form of its own."""
    said = plain.strip().strip(".!")
    if len(asked) != 1 or not said or len(said) > ANSWER or re.search(r"[?؟]", said):
        return
    [kind] = asked
    if kind == "order":
        yield from (("order", one["value"]) for one in [_TOKEN.search(said)] if one)
    elif (
        (kind == "size" and len(said.split()) <= 2 and len(said) <= 8)
        or (kind == "name" and 1 <= len(said.split()) <= 5 and not re.search(r"[\d@]", said) and not _is_no_name(said))
        or (kind == "address" and re.search(r"\d", said) and len(said.split()) >= 2)
    ):
        yield kind, said


_NO_NAMES = frozenset({
    "yes", "no", "ok", "okay", "sure", "thanks", "thank", "why", "hello", "hi", "what", "you", "not", "i", "it", "is",
    "ya", "tidak", "baik", "siap", "kenapa", "halo", "نعم", "لا", "شكرا", "لماذا",
})  # fmt: skip


def _is_no_name(said: str) -> bool:
    return any(word in _NO_NAMES for word in re.findall(r"[^\W\d_]+", said.casefold()))


def _day(found: re.Match[str], at: datetime) -> date | None:
    """Without a year it is the nearest one: what was ordered lies behind, what is planned ahead."""
    named = found["month"].casefold().rstrip(".")
    month = int(named) if named.isdecimal() else words.MONTHS[named]
    years = [int(found["year"])] if found["year"] else [at.year, at.year - 1, at.year + 1]
    days = []
    for year in years:
        try:
            days.append(date(year, month, int(found["day"])))
        except ValueError:
            continue
    return min(days, key=lambda one: abs((one - at.date()).days), default=None)
