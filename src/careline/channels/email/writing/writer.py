"""A letter as bytes: the headers, the text, the same as HTML, and the files."""

from __future__ import annotations

from careline.channels.email import threads
from careline.channels.email.addresses import Address
from careline.channels.email.writing import automatic, domains, headers, parts, quoting, typed
from careline.channels.email.writing.letter import Letter

_FONT = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif;font-size:14px;line-height:1.5"
_HIDDEN = "font-size:1px;line-height:1px;max-height:1px;overflow:hidden;color:#ffffff"


def written(letter: Letter) -> bytes:
    """The same letter gives the same bytes. Raises DeliveryFailed for an address mail cannot be sent to."""
    return _head(letter).encode() + _body(letter)


def message_id(letter: Letter) -> str:
    domain = domains.wire(letter.sender.address).rpartition("@")[2]
    return threads.message_id(letter.message, domain)


def _head(letter: Letter) -> str:
    lines = [
        headers.dated("Date", letter.written_at),
        headers.mailboxes("From", [letter.sender]),
        headers.mailboxes("To", letter.to) if letter.to else "To: undisclosed-recipients:;\r\n",
    ]
    if letter.cc:
        lines.append(headers.mailboxes("Cc", letter.cc))
    if letter.reply_to:
        lines.append(headers.mailboxes("Reply-To", [Address(letter.reply_to, letter.sender.name)]))
    lines += [headers.words("Subject", letter.subject), headers.ids("Message-ID", [message_id(letter)])]
    if letter.answering.in_reply_to:
        lines.append(headers.ids("In-Reply-To", [letter.answering.in_reply_to]))
    if letter.answering.references:
        lines.append(headers.ids("References", letter.answering.references))
    if letter.automatic is not None:
        lines += [headers.fixed(name, value) for name, value in automatic.headers(letter.automatic)]
    lines.append("MIME-Version: 1.0\r\n")
    return "".join(line for line in lines if not line.endswith(":\r\n"))


def _body(letter: Letter) -> bytes:
    """Mixed holds an alternative of text and HTML, and the HTML its pictures: the order every program expects."""
    shown = [one for one in letter.attachments if parts.is_inline(one)]
    rest = [one for one in letter.attachments if not parts.is_inline(one)]
    page = parts.text("text/html", _html(letter, frozenset(one.content_id for one in shown)))
    related = parts.multipart("related", [page, *map(parts.file, shown)], message=letter.message, level=3)
    plain = parts.text("text/plain", _text(letter))
    both = parts.multipart("alternative", [plain, related], message=letter.message, level=2)
    return parts.multipart("mixed", [both, *map(parts.file, rest)], message=letter.message, level=1)


def _text(letter: Letter) -> str:
    pieces = [parts.tidy(letter.text).strip("\n")]
    if letter.signature.strip():
        pieces.append(f"-- \n{letter.signature.strip()}")
    if letter.quoted is not None:
        pieces.append(quoting.quoted_text(letter.quoted))
    pieces += [quoting.forwarded_text(one) for one in letter.forwarded]
    return "\n\n".join(piece for piece in pieces if piece)


def _html(letter: Letter, shown: frozenset[str]) -> str:
    pieces = [parts.tidy(letter.html) or typed.as_html(parts.tidy(letter.text))]
    pieces += _pictures(letter, shown)
    if letter.signature.strip():
        lines = "<br>\n".join(typed.line_html(line) for line in parts.tidy(letter.signature).strip().split("\n"))
        pieces.append(
            typed.tagged("div", f"-- <br>\n{lines}", letter.signature, "color:#666").replace(
                "<div ", '<div class="signature" ', 1
            )
        )
    mark = f'<div aria-hidden="true" style="{_HIDDEN}">{typed.line_html(letter.marker)}</div>' if letter.marker else ""
    if letter.quoted is not None:
        pieces.append("<br>" + quoting.quoted_html(letter.quoted, shown, mark))
    pieces += ["<br>" + quoting.forwarded_html(one, shown) for one in letter.forwarded]
    if letter.quoted is None:
        pieces.append(mark)
    inside = "\n".join(piece for piece in pieces if piece)
    way = typed.direction(letter.text)
    return (
        '<!DOCTYPE html>\n<html><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"></head>\n'
        f'<body><div dir="{way}" style="{_FONT}">\n{inside}\n</div></body></html>'
    )


def _pictures(letter: Letter, shown: frozenset[str]) -> list[str]:
    """Pictures of the agent's, below the text; those of the quoted history stand in it already."""
    elsewhere = " ".join(one.html for one in (letter.quoted, *letter.forwarded) if one is not None)
    return [
        f'<p><img src="cid:{one.content_id}" alt="{typed.attribute(one.name)}" style="max-width:100%"></p>'
        for one in letter.attachments
        if one.content_id in shown and f"cid:{one.content_id}" not in elsewhere
    ]
