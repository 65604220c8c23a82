"""From bytes to words, whatever the label says: a label is a hint, and mailers get it wrong."""

from __future__ import annotations

import codecs
import re
from functools import cache

# What a label means in practice: the wider set its senders really use.
_ALIASES = {
    "ansi_x3.4-1968": "ascii", "us-ascii": "ascii", "ascii": "ascii", "646": "ascii", "ansi": "cp1252",
    "iso-8859-1": "cp1252", "iso8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "l1": "cp1252",
    "iso_8859-1": "cp1252", "windows-1252": "cp1252", "x-ansi": "cp1252",
    "utf8": "utf-8", "utf-8": "utf-8", "unicode-1-1-utf-8": "utf-8", "utf8mb4": "utf-8", "utf-8-mac": "utf-8",
    "unicode-1-1-utf-7": "utf-7", "x-unicode-2-0-utf-7": "utf-7", "unicode-2-0-utf-7": "utf-7",
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030", "cp936": "gb18030",
    "csgb2312": "gb18030", "euc-cn": "gb18030", "windows-936": "gb18030", "chinese": "gb18030",
    "big5": "big5hkscs", "x-x-big5": "big5hkscs", "big-5": "big5hkscs", "cn-big5": "big5hkscs",
    "ks_c_5601-1987": "cp949", "ks_c_5601-1989": "cp949", "euc-kr": "cp949", "ksc5601": "cp949", "korean": "cp949",
    "windows-949": "cp949", "x-windows-949": "cp949",
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "windows-31j": "cp932",
    "ms_kanji": "cp932", "iso-2022-jp": "iso2022_jp_ext", "csiso2022jp": "iso2022_jp_ext",
    "cp50220": "iso2022_jp_ext", "x-euc-jp": "euc_jp",
    "tis-620": "cp874", "iso-8859-11": "cp874", "windows-874": "cp874",
    "iso-8859-8-i": "iso8859_8", "iso-8859-8-e": "iso8859_8", "iso-8859-6-i": "iso8859_6",
    "iso-8859-9": "cp1254", "x-mac-roman": "mac_roman", "macintosh": "mac_roman", "x-mac-cyrillic": "mac_cyrillic",
    "unicode": "utf-16", "iso-10646-ucs-2": "utf-16", "ucs-2": "utf-16",
}  # fmt: skip
# Python knows "encodings" that are none for words, and some that a crafted text makes very slow.
_KNOWN = re.compile(
    r"(ascii|utf_?(7|8|8_sig|16|16_be|16_le|32|32_be|32_le)|gb18030|gbk|hz|big5(hkscs)?|cp\d{3,4}|koi8_[rut]|johab"
    r"|iso8859_\d{1,2}|iso2022_(jp(_1|_2|_2004|_3|_ext)?|kr)|euc_(jp|jis_2004|jisx0213|kr)|shift_jis(_2004|x0213)?"
    r"|mac_\w{4,9}|tis_620|ptcp154|kz1048|latin_1|hp_roman8)"
)
_LIKE_ASCII = {"ascii", "cp1252", "utf_8", ""}
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
          (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
_ESCAPES = (b"\x1b$B", b"\x1b$@", b"\x1b(J", b"\x1b$(D")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def decoded(raw: bytes, label: str = "") -> tuple[str, bool]:
    """The words, and whether they are as the label promised. Never fails."""
    if raw.isascii() and b"\x1b" not in raw and b"\0" not in raw and (not label or codec(label) in _LIKE_ASCII):
        return raw.decode("ascii"), True
    text, right = _decoded(raw, label)
    return _UNSTORABLE.sub(lambda found: "" if found[0] == "\0" else "\ufffd", text), right


def words(raw: bytes, label: str = "") -> str:
    return decoded(raw, label)[0]


@cache
def _lookup(label: str) -> str:
    name = _ALIASES.get(label, label)
    try:
        python = codecs.lookup(name).name.replace("-", "_")
    except (LookupError, ValueError):
        return ""
    return python if _KNOWN.fullmatch(python) else ""


def codec(label: str) -> str:
    """What Python calls it; empty when it is nothing for words."""
    return _lookup(label.strip(" \t\"'<>").lower()) if len(label) <= 60 and label.isascii() else ""


def _decoded(raw: bytes, label: str) -> tuple[str, bool]:
    name = codec(label)
    for mark, kind in _MARKS:
        if raw.startswith(mark) and (len(mark) > 2 or name.startswith("utf_16") or not name):
            return raw.decode(kind, "replace"), True
    if name in {"utf_16", "utf_32"}:
        name = f"{name}_be" if raw[:1] == b"\0" else f"{name}_le"
    if not name or name in {"ascii", "cp1252", "utf_8"}:
        return _western(raw, name)
    try:
        return raw.decode(name), True
    except (UnicodeError, ValueError):
        pass
    try:
        return raw.decode("utf-8"), False
    except UnicodeDecodeError:
        return raw.decode(name, "replace"), False


def _western(raw: bytes, name: str) -> tuple[str, bool]:
    """The label of those who did not think about it: what is valid UTF-8 beyond ASCII is UTF-8."""
    if any(escape in raw for escape in _ESCAPES):
        try:
            return raw.decode("iso2022_jp_ext"), False
        except UnicodeError:
            pass
    try:
        text = raw.decode("utf-8")
        return text, name == "utf_8" or raw.isascii()
    except UnicodeDecodeError as error:
        # Cut off in the middle of a letter, or a few bad bytes in long UTF-8: not another alphabet.
        lost = raw.decode("utf-8", "replace")
        if name == "utf_8" and (error.reason == "unexpected end of data" or lost.count("\ufffd") * 20 < _high(lost)):
            return lost, False
    try:
        return raw.decode("cp1252"), name == "cp1252"
    except UnicodeDecodeError:
        return raw.decode("latin-1"), False


def _high(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore"))
