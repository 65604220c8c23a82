"""Where a signature begins: the two dashes, "Sent from my …", the footers of lists and the names at the end."""

from __future__ import annotations

import re

_DASHES = re.compile(r"^[ \t]{0,3}(?:--|—|––)[ \t\xa0]*$|^[ \t]{0,3}--[ \t\xa0]+\S.{0,60}$")
_RULE = re.compile(r"^[ \t]{0,6}(?:_{2,}|-{3,}|={3,}|\*{3,}|~{3,}|#{4,}|\+{4,}|[_-]{5,})[ \t]*$")
_SENT_FROM = re.compile(
    r"^[ \t>*_(\[-]{0,4}(?:sent (?:from|via|with|using)|get outlook for|gesendet (?:von|mit|über)|"
    r"von meinem .{2,40} gesendet|diese nachricht wurde von mein|envoy[ée] (?:de|depuis|à partir|par|avec)|"
    r"t[ée]l[ée]charger outlook|enviado (?:desde|do|de|pelo|con|com|por|a partir)|obtener outlook|inviato (?:da|dal|"
    r"con)|ottieni outlook|verzonden (?:vanaf|met|vanuit|via)|verstuurd (?:vanaf|met)|"
    r"skickat fr[åa]n|sendt fr[ao]|lähetetty|wysłan[eoy] z|отправлено (?:с|из|от)|надіслано з|відправлено з|"
    r"odesl[áa]no z|odoslan[ée] z|trimis (?:de pe|din|de la)|küldve|στάλθηκε από|enviat des|"
    r"dikirim dari|أُ?رسلت? من|تم الإرسال من|נשלח מ|发自|發自|從我的|来自我的|iphone\s?から送信|.{2,20}から送信|"
    r"나의 .{2,20}에서 보냄|.{2,20}에서 보냄|.{2,30}(?:'dan|'den|’dan|’den) gönderildi|gửi từ)",
    re.IGNORECASE,
)
_LINK = re.compile(r"<?\(?https?://\S{1,300}|<mailto:[^>]{1,200}>|\[https?:[^\]]{1,300}\]")
_NAME = re.compile(
    r"^[ \t]{0,2}[-–—~]{1,2}[ \t]?[^\W\d_a-z][^\W\d_]{0,20}(?:[ .'-]{1,2}[^\W\d_][^\W\d_]{0,20}){0,3}[ \t]*$"
)
_BULLET = re.compile(r"^[ \t]*(?:[-*•–]|\d{1,3}[.)])[ \t]")
_CONTACT = re.compile(
    r"@|https?://|www\.|(?:\+|\b)\d[\d ()./-]{6,}|\b(?:tel|phone|mobile|mob|fax|cell|email|e-mail|gmbh|ltd|inc|llc|"
    r"mailing list|unsubscribe|signature|"
    r"confidential|disclaimer|manager|director|regards)\b", re.IGNORECASE
)  # fmt: skip
# Blanks of all kinds, and what mail programs put in to see whether a mail was opened.
_NOTHING = (
    "".join(map(chr, range(9, 14)))
    + "\x1c\x1d\x1e\x1f \x85\xa0\u1427\u1680\u2028\u2029\u202f\u205f\u3000\ufeff"
    + "".join(map(chr, range(0x2000, 0x200D)))
)
FOOTER_LINES = 12


def dashes(lines: list[str], at: int) -> bool:
    """`-- ` alone, or before a name; not the bullet of a list."""
    line = lines[at]
    if line.lstrip(" \t")[:1] not in "-—–" or not _DASHES.match(line):
        return False
    if line.strip(" \t\xa0") in {"--", "—", "––"}:
        return True
    following = next((one for one in lines[at + 1 :][:3] if one.strip()), "")
    before = next((one for one in reversed(lines[max(0, at - 2) : at]) if one.strip()), "")
    return not _DASHES.match(following) and not _DASHES.match(before) and (at == 0 or not lines[at - 1].strip())


def rule(line: str) -> bool:
    return line.lstrip(" \t")[:1] in "_-=*~#+" and bool(_RULE.match(line))


def footer(lines: list[str]) -> bool:
    """What stands below a ruled line and is short and full of contacts: no part of what was said."""
    said = [line for line in lines if line.strip() and not rule(line)]
    if len(said) > FOOTER_LINES or any(len(line) > 200 for line in said):
        return False
    return not said or any(_CONTACT.search(line) for line in said)


def sent_from(line: str, before: str, after: str) -> bool:
    """A line a program added: short, no sentence, and apart from what was written."""
    if before.strip():
        return False
    bare = _LINK.sub("", line).strip(" \t*_.<>[]()")
    if not bare or len(bare) > 90 or not _SENT_FROM.match(bare):
        return False
    words = bare.split()
    return len(words) <= 9 and ", " not in bare and (not after.strip() or len(words) <= 5)


def name(lines: list[str], at: int) -> bool:
    """`-Abhishek`, the last line, apart from what was written."""
    if not _NAME.match(lines[at]) or (at and lines[at - 1].strip()):
        return False
    before = next((line for line in reversed(lines[max(0, at - 20) : at]) if line.strip()), "")
    return bool(before) and not _BULLET.match(before)


def nothing(line: str) -> bool:
    return not line.strip(_NOTHING)
