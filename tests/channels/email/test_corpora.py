"""The measured promises, on mails of others; what misses is printed one by one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

from careline.channels.email.bounces import Bounce
from careline.channels.email.bounces.reading import bounces
from careline.channels.email.explaining import told as told_of
from careline.channels.email.reading import read
from careline.channels.email.tree import Tree
from careline.channels.email.trimming import plain
from careline.channels.email.understanding import understood

pytestmark = pytest.mark.long

PAGE = Path(__file__).parents[3] / "docs" / "channels" / "email.md"


def told(name: str, hits: int, of: int, misses: list[str]) -> float:
    print(f"\n{name}: {hits} of {of} ({hits / of:.1%})")
    for miss in misses:
        print(f"  {miss}")
    return hits / of


def test_every_mail_is_read(corpora: Path):
    files = [
        path
        for folder in sorted(corpora.glob("email-*"))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".json" and path.name not in {"README.md", "COPYING"}
    ]
    unread: list[str] = []
    for path in files:
        found = understood(path.read_bytes())
        wrong = [remark for remark in found.mail.remarks if remark.endswith("-failed")]
        if found.mail.unread in {"failed", "died"} or wrong:
            unread.append(f"{path.relative_to(corpora)}: {found.mail.unread} {wrong}")
    assert told("read without a fault", len(files) - len(unread), len(files), unread) == 1


def classes() -> dict[str, str]:
    """The table of docs/channels/email.md: the set's names of reasons and our classes."""
    rows = re.findall(r"^\| `(\w+)` \| (.+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    return {name: ours for ours, theirs in rows for name in re.findall(r"`(\w+)`", theirs)}


def paired(
    found: list[Bounce], expected: list[dict[str, Any]], ours: dict[str, str]
) -> Iterator[tuple[Bounce | None, dict[str, Any]]]:
    """Their list has no addresses: each is held against the one of ours that is most like it."""
    left = list(found)
    for one in expected:
        best = max(
            left,
            key=lambda mine: (
                (mine.hard == one["hard"]) + (mine.reason == ours[one["reason"]]) + (mine.status == one["status"])
            ),
            default=None,
        )
        if best is not None:
            left.remove(best)
        yield best, one


def test_bounces(corpora: Path):
    folder, ours = corpora / "email-sisimai-bounces", classes()
    expected = json.loads((folder / "expected.json").read_text())
    hard, reason, status, people, missed = [0, 0], [0, 0], [0, 0], [0, 0], []
    for path in sorted(folder.glob("maildir/bsd/*.eml")):
        raw, mail = path.read_bytes(), read(path.read_bytes())
        seen = raw.decode("latin-1").replace("=\n", "") + mail.text
        found = bounces(mail)
        named = {
            one.lower()
            for one in re.findall(
                r"^Final-Recipient:\s*(?:rfc822)?\s*;?\s*<?([^\s<>;]+@[^\s<>]+?)>?\s*$", seen, re.M | re.I
            )
        }
        absent = named - {one.address.lower() for one in found}
        people[0], people[1] = people[0] + len(named) - len(absent), people[1] + len(named)
        if absent:
            missed.append(f"{path.stem}: not named: {sorted(absent)}")
        for mine, theirs in paired(found, expected.get(path.stem, []), ours):
            if theirs["reason"] == "vacation":  # an out-of-office note is no bounce here
                continue
            occurs = bool(theirs["status"]) and theirs["status"] in seen
            right = (
                mine is not None and mine.hard == theirs["hard"],
                mine is not None and mine.reason == ours[theirs["reason"]],
                not occurs or (mine is not None and mine.status == theirs["status"]),
            )
            hard[0], hard[1] = hard[0] + right[0], hard[1] + 1
            reason[0], reason[1] = reason[0] + right[1], reason[1] + 1
            status[0], status[1] = status[0] + (occurs and right[2]), status[1] + occurs
            if not all(right):
                said = f"{mine.reason} {mine.status} hard={mine.hard}" if mine else "nothing"
                wanted = f"{theirs['reason']} {theirs['status']} hard={theirs['hard']}"
                missed.append(f"{path.stem}: {said}, expected {wanted}")
    shares = [
        told("hard or soft", *hard, missed),
        told("status", *status, []),
        told("reason", *reason, []),
        told("recipients", *people, []),
    ]
    assert shares[0] >= 0.95
    assert shares[1] >= 0.95
    assert shares[2] >= 0.85
    assert shares[3] == 1


def test_line_ends_do_not_matter(corpora: Path):
    folder = corpora / "email-sisimai-bounces" / "maildir"
    for path in sorted(folder.glob("dos/*.eml")) + sorted(folder.glob("mac/*.eml")):
        plain_one = folder / "bsd" / path.name
        if plain_one.exists():
            mine, other = bounces(read(path.read_bytes())), bounces(read(plain_one.read_bytes()))
            assert [(one.address, one.reason, one.status) for one in mine] == [
                (one.address, one.reason, one.status) for one in other
            ], path


def test_no_bounce_is_found_where_none_is(corpora: Path):
    folders = [
        corpora / "email-sisimai-bounces" / "maildir" / "not",
        corpora / "email-stalwart",
        *corpora.glob("email-spamassassin-corpus/*ham*"),
    ]
    files = [
        path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != ".json"
    ]
    wrong = []
    for path in files:
        mail = read(path.read_bytes())
        if bounces(mail) and mail.kind != "multipart/report":
            wrong.append(f"{path.relative_to(corpora)}: {bounces(mail)[0]}")
    told("no bounce, and none found", len(files) - len(wrong), len(files), wrong)
    assert not wrong


def test_trimming(corpora: Path):
    folder = corpora / "email-discourse-trimmer"
    files = sorted(folder.glob("emails/*.txt"))
    missed = []
    for path in files:
        wanted = (folder / "trimmed" / path.name).read_text(encoding="utf-8").strip("\n")
        if plain(path.read_text(encoding="utf-8")).reply != wanted:
            missed.append(path.name)
    assert told("trimmed exactly", len(files) - len(missed), len(files), missed) >= 0.9


@pytest.mark.parametrize("name", ["email-zapier-reply/emails", "email-crisp-reply/fixtures"])
def test_replies(corpora: Path, name: str):
    folder = corpora / name
    missed, checks = [], 0
    for check in json.loads((folder.parent / "expected.json").read_text()):
        text = (folder / check["file"]).read_text(encoding="utf-8")
        reply = plain(text).reply
        checks += 1
        right = (
            reply == check.get("reply_equals", reply)
            and reply.strip() == check.get("first_fragment_equals", reply).strip()
            and all(piece in reply for piece in check.get("reply_contains", []))
            and not any(piece in reply for piece in check.get("reply_excludes", []))
            and (check.get("fragments") != 1 or reply == text.strip("\n"))
            and (True not in check.get("hidden", []) or len(reply) < len(text.strip()))
        )
        if not right:
            missed.append(check["file"])
    share = told(name, checks - len(missed), checks, missed)
    assert share == 1 if "zapier" in name else share >= 0.9


def parsed(path: Path) -> tuple[int, str | None]:
    """Attachments, and the text when every part of it is one."""
    told = json.loads(path.with_suffix(".json").read_text())
    bodies = [told["parts"][number]["body"] for number in told["text_body"]]
    texts = [body.get("Text", "" if "InlineBinary" in body else None) for body in bodies if isinstance(body, dict)]
    return len(told["attachments"]), None if None in texts else "".join(texts)


def alike(mine: str, theirs: str | None) -> bool:
    """Blanks and line ends aside; a letter they could not decode may be any."""
    if theirs is None:
        return True
    mine, theirs = "".join(mine.split()), "".join(theirs.split())
    return len(mine) == len(theirs) and all(b in {"\ufffd", a} for a, b in zip(mine, theirs, strict=True))


def leaves_of_python(raw: bytes) -> list[tuple[str, int]]:
    """Kinds and lengths of the parts as Python's own parser cuts them: the second witness."""
    found: list[tuple[str, int]] = []
    waiting = [message_from_bytes(raw)]
    while waiting:
        part = waiting.pop(0)
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            waiting = [*part.get_payload(), *waiting]
        else:
            inside = 0 if part.is_multipart() else len((part.get_payload(decode=True) or b"").strip())
            found.append((part.get_content_type(), inside))
    return found


def leaves_of_ours(raw: bytes) -> list[tuple[str, int]]:
    tree = Tree(raw)
    return [
        (part.kind, 0 if part.main == "message" else len(tree.content(part).strip())) for part in tree.leaves()
    ]  # fmt: skip


# Multiparts whose end is missing and that another one's boundary ends. RFC 2046, 5.1.2: "MIME implementations are
# therefore required to recognize outer level boundary markers at ANY level of inner nesting." The expected results look
# for the innermost one alone, and what the outer boundary begins is swallowed by the part before it.
JUDGED = {
    "malformed/009.eml": "the third text becomes words of the second, its boundary and headers among them",
    "malformed/012.eml": "the third message becomes words of the second",
    "thirdparty/015.eml": "two of the three files its text names become words of the first",
}


def test_parts_and_texts_are_as_other_parsers_find_them(corpora: Path):
    """As `careline explain mail` tells them; where they are not, the expected result is against the standard."""
    files = sorted((corpora / "email-stalwart").rglob("*.eml"))
    equal, missed, unexplained = 0, [], []
    for path in files:
        attachments, text = parsed(path)
        raw = path.read_bytes()
        mine = told_of(understood(raw))
        if len(mine["attachments"]) == attachments and alike(mine["text"], text):
            equal += 1
            continue
        name = f"{path.parent.name}/{path.name}"
        if name not in JUDGED or leaves_of_ours(raw) != leaves_of_python(raw):
            unexplained.append(name)
        missed.append(
            f"{name}: {JUDGED.get(name, 'unexplained')}: {len(mine['attachments'])} files, expected {attachments}; "
            f"{mine['text'][:40]!r}, expected {(text or '')[:40]!r}"
        )
    share = told("parts and texts equal", equal, len(files), missed)
    assert told("equal, or Python's own parser agrees with ours", len(files) - len(unexplained), len(files), []) == 1
    assert share >= 0.93


def test_invitations(corpora: Path):
    files = sorted((corpora / "ics-collective").rglob("*.ics"))
    for path in files:
        found = read(
            b"From: a@b.c\nContent-Type: text/calendar\nContent-Transfer-Encoding: 8bit\n\n" + path.read_bytes()
        )
        assert not found.unread
        assert bool(found.invitations) == (
            b"BEGIN:VEVENT" in path.read_bytes() and b"END:VEVENT" in path.read_bytes()
        ), path
