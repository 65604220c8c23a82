"""`careline explain mail`: what is made of raw mails, one by one."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from careline.cli import program

REPLY = (
    "From: Ada <ada@example.com>\nTo: help@example.org\nSubject: Re: Your order\nMessage-ID: <2@x>\nIn-Reply-To: "
    "<1@x>\n\n"
    "Thanks!\n\nOn 2 Mar 2026, at 10:00, Help <help@example.org> wrote:\n\n> Hello\n"
)
BOUNCE = (
    "From: MAILER-DAEMON@x.example\nTo: help@example.org\nSubject: failure notice\n\nI was unable to deliver your "
    "message.\n\n"
    "<bo@example.com>:\n550 5.1.1 User unknown\n"
)


@pytest.fixture
def mails(tmp_path: Path) -> list[str]:
    for name, text in {"reply": REPLY, "bounce": BOUNCE, "empty": ""}.items():
        (tmp_path / f"{name}.eml").write_text(text)
    return [str(tmp_path / f"{name}.eml") for name in ("reply", "bounce", "empty")]


def test_json_is_a_line_a_mail_in_the_order_given(mails: list[str], capsys: pytest.CaptureFixture[str]):
    assert program.main(["explain", "mail", *mails, "--json"]) == 0
    told = [msgspec.json.decode(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["file"] for one in told] == mails
    assert [one["outcome"] for one in told] == ["reply", "bounce", "unreadable"]
    reply, bounce, _empty = told
    assert (reply["subject"], reply["from"], reply["trimmed"], reply["attachments"]) == (
        "Re: Your order",
        "ada@example.com",
        "Thanks!",
        [],
    )
    assert "> Hello" in reply["text"]
    [one] = bounce["bounces"]
    assert (one["address"], one["status"], one["reason"], one["hard"]) == (
        "bo@example.com",
        "5.1.1",
        "user_unknown",
        True,
    )


def test_words_tell_it_step_by_step(mails: list[str], capsys: pytest.CaptureFixture[str]):
    assert program.main(["explain", "mail", *mails]) == 0
    told = capsys.readouterr().out
    for words in ("an answer to an earlier mail", "Ada <ada@example.com>", "no sign of one", "a mail that came back",
                  "bo@example.com: failed, user_unknown, for good (5.1.1 550)", "The mail is empty."):  # fmt: skip
        assert words in told


def test_bodies_are_trimmed(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    file = tmp_path / "body.txt"
    file.write_text(REPLY.split("\n\n", 1)[1])
    assert program.main(["explain", "mail", "--body", str(file), "--json"]) == 0
    assert msgspec.json.decode(capsys.readouterr().out) == {"file": str(file), "trimmed": "Thanks!"}


@pytest.mark.parametrize("words", [["mail", "--case", "x"], ["log", "--body"]])
def test_what_does_not_belong_together_is_refused(words: list[str], mails: list[str]):
    assert program.main(["explain", words[0], mails[0], *words[1:]]) == 1
