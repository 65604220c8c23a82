"""What is new in HTML: programs mark what they quote by a class, an id or a style, and these are known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Literal

import msgspec

from careline.channels.email import markup
from careline.channels.email.trimming.plain import Reply

LONGEST = 2_000_000
Role = Literal["quote", "rest", "signature", ""]
# Elements that are the quote, by a word of their class or by their id.
_QUOTES = {
    "gmail_quote", "gmail_quote_container", "gmail_extra", "protonmail_quote", "yahoo_quoted", "zmail_extra",
    "tutanota_quote", "moz-cite-prefix", "freebirdfooter", "qt-content", "cz-quote", "wordsection1-quote",
    "ms-outlook-mobile-reference-message", "mail_android_quote", "mail-quote-collapse", "js-message-quote",
    "gmail_attr",
    "bloop_original_html", "mailbird_quote", "front-blockquote", "airmail_ext_on", "hs_reply", "reply-quote",
    "replyheader",
}  # fmt: skip
# Elements from which on all is the quote.
_RESTS = {
    "appendonsend",
    "divrplyfwdmsg",
    "x_divrplyfwdmsg",
    "olk_src_body_section",
    "reply-intro",
    "origbody",
    "mail-editor-reference-message-container",
    "xappendonsend",
}
_SIGNATURES = {
    "gmail_signature",
    "moz-signature",
    "protonmail_signature_block",
    "ms-outlook-mobile-signature",
    "yahoo_signature",
    "signature",
    "ymail_signature",
    "applemailsignature",
    "outlooksignature",
    "x_signature",
    "tutanota_signature",
}
_RULE = re.compile(
    r"border:\s?none;\s?border-top:\s?solid\s?#?(?:e1e1e1|b5c4df|b5c4df) 1\.0pt|border-top:\s?(?:1px|1pt|"
    r"1\.0pt)? ?solid ?#?(?:e1e1e1|b5c4df)|border:none;border-top:solid (?:#e1e1e1|#b5c4df)",
    re.IGNORECASE,
)

# Worth a closer look; what contains another one of them says no more than that.
_ANY = {*_QUOTES, *_RESTS, *_SIGNATURES, "cite", "border-top"}
_ANY = {word for word in _ANY if not any(other != word and other in word for other in _ANY)}


class _Span(msgspec.Struct):
    role: Role
    start: int
    end: int


def trimmed(html: str) -> Reply:
    """Cut by offsets, so that what stays is as it was; whoever shows it cleans it, which closes open tags."""
    found = pieces(html)
    if len(found) == 1:
        return Reply(html)
    return Reply(_of(found, ""), _of(found, "quote") + _of(found, "rest"), _of(found, "signature"))


def pieces(html: str) -> list[tuple[Role, str]]:
    """The whole, in its order: what is new, and what is quoted or a signature."""
    if len(html) > LONGEST:
        return [("", html)]
    lowered = html.lower()
    if not any(word in lowered for word in _ANY):
        return [("", html)]
    spans = list(_spans(html))
    rest = next((span for span in spans if span.role == "rest"), None)
    if rest is not None:
        rest.end = len(html)
        spans = [span for span in spans if span.start <= rest.start]
    last = max((span.end for span in spans if span.role == "quote"), default=0)
    quotes = [span for span in spans if span.role == "quote"]
    if quotes and _has_words(html[last:], spans, last) and _between(html, quotes):
        # Answered in between: the quotes that are answered stay.
        spans = [span for span in spans if span.role != "quote"]
    found = _cut(html, spans)
    if spans and not markup.words(_of(found, "")).strip():
        return [("", html)]
    return found


def _cut(html: str, spans: list[_Span]) -> list[tuple[Role, str]]:
    found: list[tuple[Role, str]] = []
    at = 0
    for span in sorted(spans, key=lambda one: (one.start, -one.end)):
        if span.end <= at:
            continue
        start = max(span.start, at)
        found += [("", html[at:start]), (span.role, html[start : span.end])]
        at = span.end
    return [*found, ("", html[at:])]


def _of(found: list[tuple[Role, str]], role: Role) -> str:
    return "".join(piece for of, piece in found if of == role)


def _spans(html: str) -> Iterator[_Span]:
    """Elements with a role, from their start tag to their end tag; what lies inside one is not looked at again."""
    open_span: _Span | None = None
    name, depth = "", 0
    for token in markup.tokens(html):
        if open_span is not None:
            if token.name == name:
                depth += 1
            elif token.name == "/" + name:
                depth -= 1
                if not depth:
                    open_span.end = token.end
                    yield open_span
                    open_span = None
            continue
        role = _role(token) if token.name and not token.name.startswith("/") else ""
        if role == "rest":
            yield _Span("rest", token.start, len(html))
            return
        if role and token.name not in markup.VOID:
            open_span, name, depth = _Span(role, token.start, len(html)), token.name, 1
    if open_span is not None:
        yield open_span


def _role(token: markup.Token) -> Role:
    if "=" not in token.text:
        return ""
    given = token.attributes()
    words = {*given.get("class", "").lower().split(), given.get("id", "").lower(), given.get("name", "").lower()}
    if words & _RESTS or any(word.endswith(("divrplyfwdmsg", "appendonsend")) for word in words):
        return "rest"
    if _RULE.search(given.get("style", "")):
        return "rest"
    if words & _QUOTES or (token.name == "blockquote" and given.get("type", "").lower() == "cite"):
        return "quote"
    if words & _SIGNATURES or given.get("data-smartmail", "").lower() == "gmail_signature":
        return "signature"
    return ""


def _has_words(html: str, spans: list[_Span], at: int) -> bool:
    rest = [_Span(one.role, one.start - at, one.end - at) for one in spans if one.start >= at and one.role != "quote"]
    return bool(markup.words(_of(_cut(html, rest), "")).strip())


def _between(html: str, quotes: list[_Span]) -> bool:
    return len(quotes) > 1 and any(markup.words(html[one.end : other.start]).strip() for one, other in pairwise(quotes))
