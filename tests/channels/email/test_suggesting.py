"""From an address alone: whose mailbox it is, by its domain, by who takes the domain's mail, or by who answers."""

from __future__ import annotations

import time
from collections.abc import Mapping

import pytest

from careline.channels.email import providers, suggesting
from careline.channels.email.records import NoAnswer


class Known:
    """A DNS that holds MX records alone."""

    def __init__(self, hosts: Mapping[str, list[str]] | None = None, *, silent: bool = False) -> None:
        self.hosts, self.silent = hosts or {}, silent

    def texts(self, name: str) -> list[str]:
        return []

    def addresses(self, name: str) -> list[str]:
        return []

    def mail_hosts(self, name: str) -> list[str]:
        if self.silent:
            raise NoAnswer
        return self.hosts.get(name, [])


def answering(*places: tuple[str, int]) -> suggesting.Dial:
    def dial(host: str, port: int, security: str, seconds: float) -> None:
        if (host, port) not in places:
            raise ConnectionRefusedError

    return dial


nobody = answering()


@pytest.mark.parametrize(
    ("address", "name", "imap", "smtp"),
    [
        ("ada@gmail.com", "Gmail", "imap.gmail.com", ("smtp.gmail.com", 465, "tls")),
        ("ada@outlook.de", "Microsoft 365", "outlook.office365.com", ("smtp.office365.com", 587, "starttls")),
        ("ada@hotmail.co.uk", "Microsoft 365", "outlook.office365.com", ("smtp.office365.com", 587, "starttls")),
        ("ada@yahoo.fr", "Yahoo", "imap.mail.yahoo.com", ("smtp.mail.yahoo.com", 465, "tls")),
        ("ada@me.com", "iCloud", "imap.mail.me.com", ("smtp.mail.me.com", 587, "starttls")),
        ("ada@GMX.de", "GMX", "imap.gmx.net", ("mail.gmx.net", 465, "tls")),
        ("ada@posteo.net", "Posteo", "posteo.de", ("posteo.de", 465, "tls")),
    ],
)
def test_a_known_domain_needs_no_net(address, name, imap, smtp):
    found = suggesting.suggested(address, None, None)
    assert found.name == name
    assert (found.settings["imap_host"], found.settings["imap_port"]) == (imap, 993)
    assert tuple(found.settings[f"smtp_{one}"] for one in ("host", "port", "security")) == smtp


@pytest.mark.parametrize("address", ["ada@outlook.example.com", "ada@notgmail.com", "ada@gmail.com.example"])
def test_a_domain_that_only_looks_like_one_is_not(address):
    assert suggesting.suggested(address, None, None).name == ""


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("aspmx.l.google.com", "Gmail"), ("smtp.google.com.", "Gmail"), ("MX00.IONOS.DE", "IONOS"),
        ("shop-example.mail.protection.outlook.com", "Microsoft 365"), ("in1-smtp.messagingengine.com", "Fastmail"),
        ("mx.zoho.eu", "Zoho"), ("smtpin.rzone.de", "STRATO"), ("mta-gw.infomaniak.ch", "Infomaniak"),
    ],
)  # fmt: skip
def test_a_firm_s_own_domain_is_known_by_who_takes_its_mail(host, name):
    found = suggesting.suggested("help@shop.example", Known({"shop.example": [host]}), nobody)
    assert found.name == name
    assert found.settings["imap_host"]


def test_servers_that_answer_under_usual_names_are_filled_in():
    dial = answering(("mail.shop.example", 993), ("imap.shop.example", 143), ("mail.shop.example", 587))
    found = suggesting.suggested("help@shop.example", Known(), dial)
    assert found.name == ""
    assert found.settings == {
        "imap_host": "mail.shop.example", "imap_port": 993, "imap_security": "tls",
        "smtp_host": "mail.shop.example", "smtp_port": 587, "smtp_security": "starttls",
    }  # fmt: skip


def test_a_domain_s_own_mail_host_is_tried_as_well():
    dial = answering(("mx1.shop.example", 993), ("mx1.shop.example", 465))
    found = suggesting.suggested("help@shop.example", Known({"shop.example": ["mx1.shop.example"]}), dial)
    assert (found.settings["imap_host"], found.settings["smtp_port"]) == ("mx1.shop.example", 465)


def test_one_way_alone_is_said_to_be_alone():
    found = suggesting.suggested("help@shop.example", Known(silent=True), answering(("imap.shop.example", 993)))
    assert found.words == "Only imap.shop.example answered for the domain of the address; fill in the rest."
    assert "smtp_host" not in found.settings


def test_nobody_waits_long_for_a_net_that_is_silent(monkeypatch):
    monkeypatch.setattr(suggesting, "SECONDS", 0.3)

    def silent(host: str, port: int, security: str, seconds: float) -> None:
        time.sleep(1.0)

    began = time.monotonic()
    found = suggesting.suggested("help@shop.example", Known(silent=True), silent)
    assert time.monotonic() - began < 0.9
    assert (found.settings, "could not be found out" in found.words) == ({}, True)


def test_providers_that_let_nobody_in_say_so():
    found = suggesting.suggested("ada@proton.me", None, None)
    assert "nobody but its own programs" in found.words
    assert (found.settings, found.advice != "") == ({}, True)


def test_every_provider_of_the_table_can_be_used():
    for one in providers.PROVIDERS:
        assert one.domains or one.mail_hosts
        assert (one.servers == (None, None)) == (not one.settings), one.name
        assert one.wants == "own" or one.page or one.consent or not one.settings, one.name
        for place in one.servers:
            assert place is None or place[1:] in {(993, "tls"), (465, "tls"), (587, "starttls")}, one.name
            assert place is None or providers.of_server(place[0]).name == one.name
