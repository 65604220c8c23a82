"""A mail as mail programs write it: the words, a signature, what is answered below, files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from html import escape

import msgspec
from typing_extensions import override

from careline.demo.post import drawing

WROTE = {"en": "On {day}, {who} wrote:", "id": "Pada {day}, {who} menulis:", "ar": "في {day}، كتب {who}:"}
_LINE = "color:#5b6770;border-left:2px solid #c9d1d6;margin:0 0 0 6px;padding-left:10px"


class Party(msgspec.Struct, frozen=True):
    name: str
    address: str

    @override
    def __str__(self) -> str:
        return f"{self.name} <{self.address}>"


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """As it was written; `before` is the one it answers."""

    name: str
    author: Party
    to: Party
    subject: str
    at: datetime
    said: str
    language: str = "en"
    program: str = "gmail"
    copies: tuple[str, ...] = ()
    signature: str = ""
    files: tuple[str, ...] = ()
    passes_on: str = ""
    automatic: bool = False
    before: Mail | None = None

    @property
    def chain(self) -> tuple[str, ...]:
        return ((*self.before.chain, self.before.name) if self.before else ())[-12:]


def written(mail: Mail) -> bytes:
    made = EmailMessage()
    made["From"], made["To"] = _header(mail.author), _header(mail.to)
    if mail.copies:
        made["Cc"] = ", ".join(mail.copies)
    made["Subject"], made["Message-ID"], made["Date"] = mail.subject, f"<{mail.name}>", format_datetime(mail.at)
    if mail.before is not None:
        made["In-Reply-To"] = f"<{mail.before.name}>"
        made["References"] = " ".join(f"<{one}>" for one in mail.chain)
    if mail.automatic:
        made["Auto-Submitted"], made["X-Auto-Response-Suppress"] = "auto-replied", "All"
    made.set_content(_text(mail))
    if mail.program != "plain" and not mail.automatic:
        made.add_alternative(_html(mail), subtype="html")
    _enclose(made, mail.files)
    return made.as_bytes()


def _header(party: Party) -> Address:
    return Address(party.name, addr_spec=party.address)


def _enclose(made: EmailMessage, files: Sequence[str]) -> None:
    for name in files:
        if name.endswith(".png"):
            made.get_payload()[1].add_related(  # type: ignore[union-attr,index]
                drawing.picture(name), "image", "png", cid=f"<{name}@mail.example>", filename=name
            )
        elif name.endswith(".pdf"):
            title = name.removesuffix(".pdf").replace("-", " ", 1).capitalize()
            page = drawing.paper(["Harbor & Hearth", "Mill Street 4", "", title])
            made.add_attachment(page, "application", "pdf", filename=name)


def _text(mail: Mail) -> str:
    parts = [mail.said]
    if mail.signature:
        parts.append(("-- \n" if mail.program != "outlook" else "") + mail.signature)
    if mail.passes_on:
        parts.append("---------- Forwarded message ---------\n" + _head(mail, passed=True) + f"\n\n{mail.passes_on}")
    elif mail.before is not None and not mail.automatic:
        before = mail.before
        if mail.program == "outlook":
            parts.append("_" * 32 + "\n" + _head(before) + f"\n\n{before.said}")
        else:
            quoted = "\n".join(f"> {line}".rstrip() for line in before.said.splitlines())
            parts.append(f"{_wrote(mail, before)}\n\n{quoted}")
    return "\n\n".join(parts) + "\n"


def _html(mail: Mail) -> str:
    if "confirmation" in mail.files:
        return _confirmation(mail)
    shown = "".join(f'<div><img src="cid:{name}@mail.example" alt="{name}" width="240"></div>'
                    for name in mail.files if name.endswith(".png"))  # fmt: skip
    words = _paragraphs(mail.said) + shown
    if mail.signature:
        mark = "Signature" if mail.program == "outlook" else "gmail_signature"
        words += f'<div id="{mark}" class="{mark}" style="color:#5b6770">{_lines(mail.signature)}</div>'
    side = "rtl" if mail.language == "ar" else "ltr"
    return f'<html><body><div dir="{side}">{words}</div>{_below(mail)}</body></html>'


def _below(mail: Mail) -> str:
    if mail.passes_on:
        head = _lines(_head(mail, passed=True))
        return (
            '<br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">---------- Forwarded message ---------<br>'
            f"{head}</div><br>{_paragraphs(mail.passes_on)}</div>"
        )
    before = mail.before
    if before is None:
        return ""
    quoted = _paragraphs(before.said)
    wrote = escape(_wrote(mail, before))
    if mail.program == "outlook":
        return f'<hr><div id="divRplyFwdMsg" dir="ltr">{_lines(_head(before))}</div><div>{quoted}</div>'
    if mail.program == "apple":
        return f'<div><br><blockquote type="cite" style="{_LINE}"><div>{wrote}</div><br>{quoted}</blockquote></div>'
    return (
        f'<br><div class="gmail_quote"><div dir="auto" class="gmail_attr">{wrote}<br></div>'
        f'<blockquote class="gmail_quote" style="{_LINE}">{quoted}</blockquote></div>'
    )


def _wrote(mail: Mail, before: Mail) -> str:
    return WROTE[mail.language].format(day=f"{before.at:%d/%m/%Y %H:%M}", who=before.author)


def _head(mail: Mail, *, passed: bool = False) -> str:
    if passed:
        said = ("Blue Van <no-reply@bluevan.example>", mail.subject.removeprefix("Fwd: "), mail.author)
    else:
        said = (str(mail.author), mail.subject, mail.to)
    sender, subject, to = said
    return f"From: {sender}\nSent: {mail.at:%d %B %Y %H:%M}\nTo: {to}\nSubject: {subject}"


def _paragraphs(said: str) -> str:
    return "".join(f'<p style="margin:0 0 12px">{_lines(part)}</p>' for part in said.split("\n\n"))


def _lines(said: str) -> str:
    return "<br>".join(escape(line) for line in said.splitlines())


def _confirmation(mail: Mail) -> str:
    """What a shop's own system sends: a picture of a page rather than a letter."""
    thanks, leaves, items = mail.said.split("\n\n")
    edge = "border-top:1px solid #e4ded4"
    rows = "".join(
        f'<tr><td style="padding:10px 0;{edge}">{what}</td><td align="right" style="{edge}">{price}</td></tr>'
        for what, price in (line.split(": ") for line in items.splitlines())
    )
    return (
        '<html><body style="margin:0;background:#f3efe8"><table width="100%" cellpadding="0" cellspacing="0"><tr>'
        '<td align="center" style="padding:24px"><table width="100%" cellpadding="0" cellspacing="0" '
        'style="max-width:480px;background:#fff;border-radius:8px;font-family:Georgia,serif;color:#2b2a28">'
        '<tr><td style="padding:20px 28px;background:#22484f;color:#fff;font-size:20px">Harbor &amp; Hearth</td></tr>'
        f'<tr><td style="padding:24px 28px">{_paragraphs(thanks)}{_paragraphs(leaves)}'
        f'<table width="100%" cellpadding="0" cellspacing="0">{rows}</table>'
        '<p style="margin:20px 0"><a href="https://shop.harbor.example/orders" style="background:#c8643c;color:#fff;'
        'padding:12px 22px;text-decoration:none;border-radius:6px">See your order</a></p></td></tr>'
        '<tr><td style="padding:14px 28px;color:#7a746b;font-size:12px">Harbor &amp; Hearth, Mill Street 4. You get '
        "this mail since you ordered.</td></tr></table></td></tr></table></body></html>"
    )
