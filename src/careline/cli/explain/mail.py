"""What Careline makes of raw mails, step by step."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

from careline.cli import composition
from careline.cli.say import answer, say, table
from careline.kit.refusals import Refused

Told = dict[str, Any]
OUTCOMES = {
    "new": "a mail that begins something", "reply": "an answer to an earlier mail", "bounce": "a mail that came back",
    "auto": "written by a machine", "report": "a report of a mail server", "unreadable": "cannot be read",
}  # fmt: skip
OF_LOGS = ("case", "funnel", "strict", "exclude", "between", "after", "before", "days")
LONGEST = 200


def run(options: argparse.Namespace) -> None:
    from careline.channels import explaining

    wrong = [f"--{name}" for name in OF_LOGS if getattr(options, name)]
    if wrong:
        raise Refused(f"{', '.join(wrong)}: only a log is asked that.")
    composition.without_house()
    account = explaining.of("email")
    if options.body:
        for file in options.file:
            new = account.body(file.read_bytes())
            if options.json:
                answer({"file": str(file), "trimmed": new})
            else:
                say(f"{file}\n{new}\n")
        return
    for told in account.explained(options.file):
        if options.json:
            answer(told)
        else:
            say(f"{told['file']}: {OUTCOMES[told['outcome']]}")
            table(_steps(told, account.sentence))
            say()


def _steps(told: Told, sentence: Any) -> Iterator[tuple[str, str]]:
    if told["unread"]:
        yield "not read", sentence(told["unread"])
    yield "from", f"{told['name']} <{told['from']}>" if told["name"] else told["from"] or "nobody who is named"
    for name in ("reply_to", "to", "cc", "delivered_to"):
        if told[name]:
            yield name.replace("_", " "), _short(", ".join(told[name]))
    yield "subject", _short(told["subject"])
    yield "sent", told["sent_at"] or "no readable date"
    yield "key", _short(told["key"])
    if told["answers"]:
        yield "answers", _short(", ".join(told["answers"]))
    yield "machine", _machine(told)
    made = ", made of the HTML" if told["made_of_html"] else ""
    yield "text", f"{len(told['text']):,} characters{made}"
    yield "new in it", f"{len(told['trimmed']):,}; quoted {told['quoted']:,}, signature {told['signature']:,}"
    if told["forwarded"]:
        yield "passed on", f"a mail of {told['forwarded']}"
    for one in told["attachments"]:
        yield (
            "file",
            f"{one['name']}, {one['type']}, {one['size']:,} bytes{', within the text' if one['inline'] else ''}",
        )
    for one in told["invitations"]:
        yield (
            "invitation",
            _short(f"{one['method'] or 'event'}: {one['summary']}, {one['starts']} {one['zone']}".strip()),
        )
    for one in told["bounces"]:
        yield "came back", _short(_bounce(one))
    for code in told["remarks"]:
        yield "remark", sentence(code)


def _machine(told: Told) -> str:
    found = told["automatic"]
    return f"{found['kind']}, by {_short(found['reason'])}" if found else "no sign of one"


def _bounce(one: Told) -> str:
    numbers = " ".join(value for value in (one["status"], one["code"]) if value)
    lasting = ", for good" if one["hard"] else ""
    told = f"{one['address'] or 'somebody'}: {one['action']}, {one['reason']}{lasting}"
    return f"{told}{f' ({numbers})' if numbers else ''}: {one['words']}"


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
