"""What came back: reports for machines, words for people, complaints, and what is none of them."""

from __future__ import annotations

import pytest

from careline.channels.email.bounces import Bounce, bounces
from careline.channels.email.bounces.reasons import reason
from careline.channels.email.reading import read
from careline.channels.email.understanding import understood

OURS = "From: help@example.org\nTo: ada@example.com\nSubject: Your order\nMessage-ID: <tl.1@example.org>\n\nHello\n"


def report(fields: str, words: str = "It failed.", ours: str = OURS) -> bytes:
    return (
        "From: MAILER-DAEMON@mx.example.com\nTo: help@example.org\nSubject: Undelivered Mail Returned to Sender\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        f"--b\n\n{words}\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; "
        f"mx.example.com\n\n{fields}\n"
        f"--b\nContent-Type: message/rfc822\n\n{ours}--b--\n"
    ).encode()


def of(raw: bytes | str) -> list[Bounce]:
    return bounces(read(raw if isinstance(raw, bytes) else raw.encode()))


def test_a_report_names_recipient_status_and_reason():
    [one] = of(report(
        "Final-Recipient: rfc822; ada@example.com\nAction: failed\nStatus: 5.0.0\n"
        "Diagnostic-Code: smtp; 550 5.1.1 <ada@example.com>... User\n Unknown"
    ))  # fmt: skip
    assert (one.address, one.status, one.code, one.reason, one.hard) == (
        "ada@example.com",
        "5.1.1",
        "550",
        "user_unknown",
        True,
    )
    assert (one.action, one.failed, one.message_id) == ("failed", True, "tl.1@example.org")


def test_every_recipient_has_its_own_reason():
    found = of(report(
        "Final-Recipient: rfc822; ada@example.com\nAction: failed\nStatus: 5.2.2\nDiagnostic-Code: smtp; 552 Mailbox "
        "full\n\n"
        "Final-Recipient: rfc822; bo@example.com\nAction: delayed\nStatus: 4.4.1\n\n"
        "Final-Recipient: rfc822; cy@example.com\nAction: delivered\nStatus: 2.0.0\n"
        "Final-Recipient: rfc822; dee@nowhere.example\nAction: failed\nStatus: 5.1.2"
    ))  # fmt: skip
    assert [(one.address, one.action, one.reason, one.hard) for one in found] == [
        ("ada@example.com", "failed", "mailbox_full", False), ("bo@example.com", "delayed", "expired", False),
        ("cy@example.com", "delivered", "other", False), ("dee@nowhere.example", "failed", "host_unknown", True),
    ]  # fmt: skip


def test_what_a_report_within_the_returned_mail_says_is_told_and_not_acted_on():
    inner = report("Final-Recipient: rfc822; cy@example.com\nAction: failed\nStatus: 5.1.1").decode()
    inner = inner.replace("boundary=b", "boundary=inner").replace("--b", "--inner")
    returned = (
        "From: help@example.org\nMessage-ID: <tl.2@example.org>\nContent-Type: multipart/mixed; boundary=c\n\n"
        f"--c\n\nSee below.\n--c\nContent-Type: message/rfc822\n\n{inner}\n--c--\n"
    )
    found = of(report("Final-Recipient: rfc822; ada@example.com\nAction: failed\nStatus: 5.2.2", ours=returned))
    assert [(one.address, one.action, one.hard) for one in found] == [
        ("ada@example.com", "failed", False), ("cy@example.com", "reported", False),
    ]  # fmt: skip


def test_what_is_temporary_is_never_hard():
    [one] = of(
        report(
            "Final-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 4.4.4\nDiagnostic-Code: smtp; Host unknown"
        )
    )
    assert (one.reason, one.hard) == ("host_unknown", False)


def test_unknown_after_the_contents_is_a_filter():
    fields = "Final-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550 "
    "Unknown user a@b.example"
    [one] = of(report(fields, "host mx said: 550 Unknown user a@b.example (in reply to end of DATA command)"))
    assert (one.reason, one.hard) == ("rejected", False)
    [other] = of(report(fields, "host mx said: 550 Unknown user a@b.example (in reply to RCPT TO command)"))
    assert (other.reason, other.hard) == ("user_unknown", True)


PROSE = {
    "like qmail": (
        "From: MAILER-DAEMON@mx.example.com\nTo: help@example.org\nSubject: failure notice\n\nHi. This is the "
        "program at "
        "mx.example.com.\nI'm afraid I wasn't able to deliver your message to the following addresses.\n\n"
        "<ada@example.com>:\n192.0.2.1 does not like recipient.\nRemote host said: 550 5.1.1 No such user\nGiving "
        "up.\n\n"
        f"--- Below this line is a copy of the message.\n\n{OURS}"
    ),
    "like Exim": (
        "From: Mail Delivery System <Mailer-Daemon@mx.example.com>\nX-Failed-Recipients: ada@example.com\nSubject: "
        "Mail delivery "
        "failed: returning message to sender\n\nA message that you sent could not be delivered.\n\n  ada@example.com\n"
        "    host mx [192.0.2.1]: 550 5.1.1 <ada@example.com>: Recipient address rejected: User unknown\n\n"
        f"------ This is a copy of the message, including all the headers. ------\n\n{OURS}"
    ),
    "like Exchange": (
        "From: System Administrator <postmaster@example.com>\nTo: help@example.org\nSubject: Undeliverable: Your "
        "order\n\n"
        "Your message did not reach some or all of the intended recipients.\n\nada@example.com on 3/2/2026 10:00 AM\n"
        f"  The e-mail account does not exist. #5.1.1\n\n----- Original message -----\n{OURS}"
    ),
}  # fmt: skip


@pytest.mark.parametrize("raw", PROSE.values(), ids=PROSE)
def test_words_for_people_are_understood(raw: str):
    [one] = of(raw)
    assert (one.address, one.status, one.reason, one.hard) == ("ada@example.com", "5.1.1", "user_unknown", True)
    assert one.message_id == "tl.1@example.org"
    assert understood(raw.encode()).outcome == "bounce"


def test_the_addresses_of_a_text_keep_their_own_words():
    found = of(
        "From: MAILER-DAEMON@x.example\nTo: help@example.org\nSubject: Delivery status notification: error\n\nAn "
        "error has occurred "
        "while attempting to deliver a message for the following list of recipients:\n\n"
        "ada@example.com: 550 5.2.2 Mailbox full\nbo@example.com: 550 5.1.1 User unknown\n\nBelow is a copy of the "
        "original message:\n"
    )
    assert [(one.address, one.reason) for one in found] == [
        ("ada@example.com", "mailbox_full"),
        ("bo@example.com", "user_unknown"),
    ]


def complaint(kind: str) -> bytes:
    return (
        "From: fbl@provider.example\nTo: help@example.org\nSubject: Email Feedback Report\nContent-Type: "
        "multipart/report; "
        "report-type=feedback-report; boundary=b\n\n--b\n\nThis is an email abuse report.\n--b\nContent-Type: "
        "message/feedback-report\n\n"
        f"Feedback-Type: {kind}\nOriginal-Rcpt-To: <ada@example.com>\n--b\nContent-Type: "
        f"message/rfc822\n\n{OURS}--b--\n"
    ).encode()


def test_a_complaint_is_one():
    [one] = of(complaint("abuse"))
    assert (one.address, one.reason, one.action, one.hard) == ("ada@example.com", "complaint", "complained", False)
    assert understood(complaint("abuse")).outcome == "report"


def test_a_report_about_forged_mails_accuses_nobody():
    [one] = of(complaint("auth-failure"))
    assert (one.reason, one.action, one.failed) == ("other", "reported", False)


@pytest.mark.parametrize("wrapped", [False, True])
def test_notices_of_a_sending_service(wrapped: bool):
    notice = '{"notificationType":"Bounce","bounce":{"bouncedRecipients":[{"emailAddress":"ada@example.com",' \
        '"action":"failed","status":"5.1.1","diagnosticCode":"user unknown"}]},"mail":{"messageId":"7"}}'  # fmt: skip
    body = '{"Type":"Notification","Message":"' + notice.replace('"', '\\"') + '"}' if wrapped else notice
    [one] = of(f"From: no-reply@sns.example\nSubject: Notification\n\n{body}\n\n--\nUnsubscribe\n")
    assert (one.address, one.reason, one.message_id) == ("ada@example.com", "user_unknown", "7")


NOT_BOUNCES = {
    "a person about a failed delivery": (
        "From: Ada <ada@example.com>\nTo: help@example.org\nSubject: Delivery failed\n\nThe parcel could not be "
        "delivered to "
        "bo@example.com, the driver said nobody was there.\n"
    ),
    "a person passing a bounce on": (
        "From: Ada <ada@example.com>\nTo: help@example.org\nSubject: Fwd: Undelivered Mail Returned to "
        "Sender\n\nWhat does this "
        "mean?\n\n> From: MAILER-DAEMON@x.example\n> <bo@example.com>: 550 5.1.1 User unknown\n"
    ),
    "an answer that quotes one": (
        "From: Ada <ada@example.com>\nTo: help@example.org\nSubject: Re: failure notice\nIn-Reply-To: <1@x>\n\nThank "
        "you!\n\n"
        "> unable to deliver to <bo@example.com>: mailbox is full\n"
    ),
    "an out-of-office note": (
        "Return-Path: <>\nFrom: Ada <ada@example.com>\nSubject: Automatic reply: Your order\nAuto-Submitted: "
        "auto-replied\n\n"
        "I am away; write to bo@example.com.\n"
    ),
    "a newsletter": "From: news@example.com\nList-Id: <news.example.com>\nSubject: Delivery for free\n\nBuy now.\n",
}  # fmt: skip


@pytest.mark.parametrize("raw", NOT_BOUNCES.values(), ids=NOT_BOUNCES)
def test_what_is_no_bounce_is_none(raw: str):
    assert of(raw) == []


@pytest.mark.parametrize(
    ("words", "status", "expected"),
    [
        ("550 5.7.1 Message rejected as spam by our filter", "5.7.1", "blocked"),
        ("554 Service unavailable; Client host [192.0.2.1] blocked using zen.example", "", "blocked"),
        ("550 5.7.26 Unauthenticated email is not accepted due to DMARC policy", "5.7.26", "blocked"),
        ("552 5.3.4 Message size exceeds fixed limit", "5.3.4", "rejected"),
        ("550 Domain of sender address a@b.c does not exist", "", "rejected"),
        ("Host or domain name not found. Name service error", "", "host_unknown"),
        ("connect to mx[192.0.2.1]:25: Connection timed out", "4.4.1", "expired"),
        ("550 Adresse d au moins un destinataire invalide", "5.1.1", "user_unknown"),
        ("552-5.2.2 The recipient's inbox is out of 552-5.2.2 storage space", "5.2.2", "mailbox_full"),
        ("550 The account has been suspended", "", "other"),
        ("", "5.1.1", "user_unknown"),
        ("", "", "other"),
    ],
)
def test_reasons(words: str, status: str, expected: str):
    assert reason(words, status) == expected
