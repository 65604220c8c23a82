"""What bytes are, judged by themselves and not by what the sender says."""

from __future__ import annotations

import re

UNKNOWN = "application/octet-stream"
_TOKEN = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,80}/[a-z0-9][a-z0-9!#$&^_.+-]{0,80}")

_BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"PK\x05\x06", "application/zip"),
    (b"\x1f\x8b\x08", "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"fLaC", "audio/flac"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
)
_BRANDS = {
    b"avif": "image/avif", b"avis": "image/avif",
    b"heic": "image/heic", b"heix": "image/heic", b"mif1": "image/heic",
    b"M4A ": "audio/mp4", b"qt  ": "video/quicktime",
}  # fmt: skip
# Several formats share one wrapping; within a family the sender's word is taken for which one it is.
_FAMILIES = {
    "application/zip": (
        "application/vnd.openxmlformats-",
        "application/vnd.oasis.opendocument.",
        "application/epub+zip",
    ),
    "application/x-ole-storage": ("application/msword", "application/vnd.ms-"),
    "audio/ogg": ("video/ogg", "application/ogg"),
    "video/webm": ("audio/webm", "video/x-matroska", "audio/x-matroska"),
    "video/mp4": ("audio/mp4", "video/3gpp", "audio/3gpp"),
}
_RECOGNIZABLE = {*dict(_BEGINNINGS).values(), *_BRANDS.values(), "image/webp", "image/bmp", "audio/wav", "video/mp4"}

# Names that run when somebody opens them, wherever they are opened.
_PROGRAM_ENDINGS = {
    "apk", "app", "appimage", "appx", "bat", "cmd", "command", "cpl", "deb", "desktop", "dll", "dmg", "exe", "gadget",
    "hta", "inf", "jar", "js", "jse", "lnk", "msc", "msi", "msix", "mst", "pif", "pkg", "ps1", "psm1", "reg", "rpm",
    "scr", "sct", "sh", "url", "vb", "vbe", "vbs", "wsc", "wsf", "wsh", "xbap", "xpi",
}  # fmt: skip


def media_type(content: bytes, claimed: str) -> str:
    """The type the bytes show; the claim is kept only where the bytes do not speak against it."""
    claim = claimed.partition(";")[0].strip().lower()
    if not _TOKEN.fullmatch(claim):
        claim = UNKNOWN
    seen = _seen(content)
    if seen is not None:
        return claim if claim.startswith(_FAMILIES.get(seen, ("\0",))) else seen
    if claim in _RECOGNIZABLE:
        return UNKNOWN  # it says it is a picture and is none
    return claim if claim != UNKNOWN else _plain(content)


def is_program(content: bytes, name: str) -> bool:
    """Whether opening it would run it: Windows, macOS and Linux programs, installers, shortcuts and scripts."""
    ending = name.rstrip(". \t\r\n").rpartition(".")[2].casefold()
    # What a person sees as the ending may be turned around by invisible marks of writing direction.
    ending = "".join(letter for letter in ending if letter.isalnum())
    if ending in _PROGRAM_ENDINGS and "." in name:
        return True
    head = content[:1024]
    return (
        (head.startswith(b"MZ") and b"\0" in head)
        or head.startswith((b"\x7fELF", b"#!", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe"))
        or head.startswith((b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"dex\n03", b"\0asm\x01\0\0\0"))
        or head.startswith((b"L\0\0\0\x01\x14\x02\0", b"!<arch>\ndebian", b"\xed\xab\xee\xdb"))
    )


def _seen(content: bytes) -> str | None:
    for beginning, kind in _BEGINNINGS:
        if content.startswith(beginning):
            return kind
    if content[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(content[8:12])
    if content[4:8] == b"ftyp":
        return _BRANDS.get(content[8:12], "video/mp4")
    # Two letters alone would take any text that begins with them: the header names its own length as well.
    if content[:2] == b"BM" and int.from_bytes(content[2:6], "little") == len(content):
        return "image/bmp"
    return None


def _plain(content: bytes) -> str:
    try:
        content.decode()
    except UnicodeDecodeError:
        return UNKNOWN
    return UNKNOWN if b"\0" in content else "text/plain"
