"""Mail is handed over to a real server, and whatever goes wrong is said in words that help."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from careline.channels.adapter import DeliveryFailed
from careline.channels.email.addresses import Address
from careline.channels.email.sending import Pace, Post, Server
from careline.channels.email.writing import envelope, needs_utf8, written
from tests.channels.email.letters import ADA, HELP, letter
from tests.channels.email.servers import PASSWORD, TOKEN, Desk, certificate, serving

RAW = b"From: a@shop.example\r\nSubject: Lamp\r\n\r\n.\r\n..two\r\n"


@pytest.fixture
def post() -> Iterator[Post]:
    made = Post()
    yield made
    made.close()


@pytest.fixture(autouse=True)
def private_network(settings: Any) -> None:
    settings.CARELINE_ALLOW_PRIVATE_HTTP = True


def server(port: int, **rest: Any) -> Server:
    given = {"host": "127.0.0.1", "port": port, "security": "none", "name": "shop.example"}
    return Server(**(given | rest))


def sent(post: Post, where: Server, *to: str, raw: bytes = RAW) -> Any:
    return post.send(where, HELP.address, to or (ADA.address,), raw)


def failure(post: Post, where: Server, *to: str, raw: bytes = RAW) -> DeliveryFailed:
    with pytest.raises(DeliveryFailed) as failed:
        sent(post, where, *to, raw=raw)
    return failed.value


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_letter_arrives_over_a_verified_connection(post: Post, security: str):
    desk, trusted = Desk(), certificate()[0]
    mail = letter(bcc=(Address("cy@example.com"),))
    with serving(desk, tls=security) as port:
        where = server(port, security=security, authority=trusted, user="help@shop.example", password=PASSWORD)
        answer = post.send(where, *envelope(mail), written(mail))
    [taken] = desk.taken
    assert (taken.mail_from, taken.rcpt_tos) == (HELP.address, [ADA.address, "cy@example.com"])
    assert taken.content == written(mail)
    assert desk.signed_in == ["PLAIN"]
    assert answer.answer == "2.0.0 queued as 1"
    assert answer.refused == ()


def test_lines_that_begin_with_a_dot_arrive(post: Post):
    desk = Desk()
    with serving(desk) as port:
        sent(post, server(port))
    assert desk.taken[0].content == RAW


def test_one_connection_serves_many_and_a_lost_one_is_made_anew(post: Post):
    desk = Desk()
    with serving(desk) as port:
        where = server(port)
        for _number in range(3):
            sent(post, where)
        assert len(desk.connections) == 1
        [line] = post._idle[where]
        assert line.connection.sock is not None
        line.connection.sock.shutdown(socket.SHUT_RDWR)
        sent(post, where)
    assert len(desk.taken) == 4


def test_login_is_spoken_where_plain_is_not(post: Post):
    desk = Desk()
    with serving(desk, without=("PLAIN",)) as port:
        sent(post, server(port, user="help@shop.example", password=PASSWORD))
    assert desk.signed_in == ["LOGIN"]


def test_a_token_signs_in_where_passwords_are_gone(post: Post):
    desk = Desk()
    with serving(desk) as port:
        sent(post, server(port, user="help@shop.example", token=TOKEN))
        failed = failure(post, server(port, user="help@shop.example", token="old"))
    assert desk.signed_in == ["XOAUTH2"]
    assert "did not accept the name and password" in failed.reason
    assert not failed.permanent


def test_a_wrong_password_is_said_and_not_tried_again_at_once(post: Post):
    desk = Desk()
    with serving(desk) as port:
        where = server(port, user="help@shop.example", password="wrong")
        failed = failure(post, where)
        assert failure(post, where).reason == failed.reason
    assert desk.tries == 1
    assert failed.reason.startswith("127.0.0.1 did not accept the name and password of this mailbox.")
    assert "wrong" not in failed.reason
    assert not failed.permanent


@pytest.mark.parametrize(
    ("certified", "trusted", "words"),
    [
        ({}, False, "made by nobody we trust"),
        ({"expired": True}, True, "has expired"),
        ({"name": "mail.example"}, True, "for another name"),
    ],
)
def test_nothing_is_sent_past_a_bad_certificate(post: Post, certified: dict[str, Any], trusted: bool, words: str):
    desk = Desk()
    authority = certificate(certified.get("name", "127.0.0.1"), expired=certified.get("expired", False))[0]
    for security in ("tls", "starttls"):
        with serving(desk, tls=security, **certified) as port:
            failed = failure(post, server(port, security=security, authority=authority if trusted else ""))
        assert words in failed.reason
    assert desk.taken == []


def test_a_server_without_encryption_is_refused_when_it_was_asked_for(post: Post):
    with serving(Desk()) as port:
        assert "offers no encryption" in failure(post, server(port, security="starttls")).reason


def test_a_password_never_travels_in_the_open(post: Post, settings: Any):
    settings.CARELINE_ALLOW_PRIVATE_HTTP = False
    failed = failure(post, server(1, user="help@shop.example", password=PASSWORD))
    assert "never travels without encryption" in failed.reason


def test_the_private_network_is_not_reached(post: Post, settings: Any):
    desk = Desk()
    with serving(desk) as port:
        settings.CARELINE_ALLOW_PRIVATE_HTTP = False
        assert "private network" in failure(post, server(port)).reason
        assert "private network" in failure(post, server(port, host="localhost")).reason
    assert desk.connections == set()


@pytest.mark.parametrize(
    ("answer", "words", "permanent"),
    [
        ("550 5.1.1 <ada@example.com>: user unknown", "ada@example.com does not exist.", True),
        ("550 No such user here", "ada@example.com does not exist.", True),
        ("550 5.1.2 Host unknown", "no mail server for ada@example.com", True),
        ("552 5.2.2 Mailbox full", "mailbox of ada@example.com is full", True),
        ("452 4.2.2 Over quota", "mailbox of ada@example.com is full", False),
        ("450 4.2.0 Greylisted, see http://postgrey", "a little later", False),
        ("451 4.7.1 Greylisting in action", "a little later", False),
        ("452 4.5.3 Too many recipients", "takes no more mails right now", False),
        ("550 5.7.1 blocked for spam", "refused the mail by its rules (550)", True),
        ("554 go away", "ada@example.com was refused for good (554).", True),
        ("450 busy", "ada@example.com was not taken for now (450).", False),
    ],
)
def test_what_the_server_says_of_a_recipient_is_told(post: Post, answer: str, words: str, permanent: bool):
    desk = Desk()
    desk.answers[ADA.address] = answer
    with serving(desk) as port:
        failed = failure(post, server(port))
    assert words in failed.reason
    assert answer[4:20] in failed.reason
    assert failed.permanent is permanent


def test_one_of_several_that_is_refused_keeps_nobody_else_from_it(post: Post):
    desk = Desk()
    desk.answers["bo@example.com"] = "450 4.2.0 Greylisted"
    desk.answers["cy@example.com"] = "550 5.1.1 no such user"
    with serving(desk) as port:
        where = server(port)
        answer = sent(post, where, ADA.address, "bo@example.com", "cy@example.com")
        assert desk.taken[0].rcpt_tos == [ADA.address]
        assert [(one.address, one.permanent) for one in answer.refused] == [
            ("bo@example.com", False),
            ("cy@example.com", True),
        ]
        # When nobody gets it, it is worth another try as long as one of them may.
        assert not failure(post, where, "bo@example.com", "cy@example.com").permanent
        assert len(desk.connections) == 1


@pytest.mark.parametrize(("stage", "words"), [("MAIL", "refused the mail by its rules"), ("DATA", "refused the mail")])
def test_what_the_server_says_of_the_mail_is_told(post: Post, stage: str, words: str):
    desk = Desk()
    desk.answers[stage] = "554 5.7.1 Message looks like spam"
    with serving(desk) as port:
        failed = failure(post, server(port))
        desk.answers.clear()
        sent(post, server(port))
    assert words in failed.reason
    assert failed.permanent


def test_a_mail_that_is_too_large_is_not_even_begun(post: Post):
    desk = Desk()
    with serving(desk, data_size_limit=1_000_000) as port:
        failed = failure(post, server(port), raw=RAW + b"x" * 1_500_000)
    assert failed.reason == "The mail is too large: it has 1.5 MB, and the mail server takes 1.0 MB."
    assert failed.permanent


def test_an_address_beyond_ascii_goes_where_it_can(post: Post):
    mail = letter(to=(Address("عائشة@example.com"),))
    assert needs_utf8(mail)
    desk = Desk()
    with serving(desk) as port:
        post.send(server(port), *envelope(mail), written(mail), utf8=True)
    assert desk.taken[0].rcpt_tos == ["عائشة@example.com"]
    assert "SMTPUTF8" in desk.taken[0].mail_options
    with serving(Desk(), utf8=False) as port, pytest.raises(DeliveryFailed, match="beyond the English") as failed:
        post.send(server(port), *envelope(mail), written(mail), utf8=True)
    assert failed.value.permanent


def test_a_server_that_is_not_there_is_named(post: Post):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        assert failure(post, server(port)).reason == f"Nobody answers at 127.0.0.1, port {port}."
    unknown = failure(post, server(25, host="mail.invalid"))
    assert "mail.invalid is not known" in unknown.reason
    assert not unknown.permanent


def test_a_server_that_says_nothing_is_not_waited_for_long(post: Post, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("careline.channels.email.sending.server.ANSWER_SECONDS", 0.2)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        assert "did not answer in time" in failure(post, server(silent.getsockname()[1])).reason


def test_a_server_that_speaks_for_ever_is_cut_off(post: Post, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("careline.channels.email.sending.post.WHOLE_SECONDS", 0.1)
    desk = Desk()

    async def slow(*_args: object) -> str:
        await asyncio.Event().wait()  # until it is cut off, which ends it here as well
        return "250 at last"

    desk.handle_DATA = slow  # type: ignore[method-assign]
    with serving(desk) as port:
        failed = failure(post, server(port))
    assert "broke off" in failed.reason
    assert not failed.permanent


def test_a_mailbox_keeps_its_pace():
    pace, now, slept = Pace(2, 60), [0.0], list[float]()

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    assert [pace.wait("a", 0), pace.wait("a", 5), pace.wait("a", 20), pace.wait("b", 20)] == [0, 0, 40, 0]
    assert [pace.wait("a", 60), pace.wait("a", 61)] == [0, 4]
    desk = Desk()
    post = Post(Pace(1, 8), clock=lambda: now[0], sleep=sleep)
    with serving(desk) as port:
        sent(post, server(port))
        sent(post, server(port))
    post.close()
    assert slept == [8]
    hurried = Post(Pace(1, 60), clock=lambda: 0.0, sleep=sleep)
    hurried._pace.wait(HELP.address, 0)
    assert "waits for its turn" in failure(hurried, server(1)).reason


def test_the_settings_screen_tries_the_way_in(post: Post):
    desk = Desk()
    with serving(desk) as port:
        where = server(port, user="help@shop.example", password=PASSWORD)
        assert post.test(where) == "127.0.0.1 lets this mailbox in."
    assert desk.taken == []
