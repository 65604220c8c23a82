"""What a domain says of its mail, asked over the wire of a name server on this machine, and explained."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.resolver
import dns.rrset
import pytest

from careline.channels.email import dkim
from careline.channels.email.records import Dns, Finding, NoAnswer, checked

KEY = dkim.made("shop.example", datetime(2026, 3, 2, tzinfo=UTC))
NAME, VALUE = dkim.record(KEY)
Zone = Mapping[tuple[str, str], Sequence[str]]


@contextmanager
def name_server(zone: Zone) -> Iterator[Dns]:
    """Answers what is in the zone, NXDOMAIN for what is not, and SERVFAIL for what says so."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
        door.bind(("127.0.0.1", 0))
        door.settimeout(60)

        def answer() -> None:
            while True:
                try:
                    wire, caller = door.recvfrom(4096)
                except OSError:
                    return
                if not wire:
                    return
                asked = dns.message.from_wire(wire)
                said = dns.message.make_response(asked)
                [question] = asked.question
                name = question.name.to_text(omit_final_dot=True).lower()
                kind = dns.rdatatype.to_text(question.rdtype)
                found = zone.get((name, kind))
                if found == ["SERVFAIL"]:
                    said.set_rcode(dns.rcode.SERVFAIL)
                elif found:
                    said.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *found))
                elif not any(known == name for known, _kind in zone):
                    said.set_rcode(dns.rcode.NXDOMAIN)
                door.sendto(said.to_wire(max_size=4096), caller)

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers, resolver.port = ["127.0.0.1"], door.getsockname()[1]
        resolver.use_edns(0, 0, 4096)
        yield Dns(resolver)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", door.getsockname())
        thread.join(60)


def text(value: str) -> str:
    return " ".join(f'"{value[at : at + 255]}"' for at in range(0, len(value), 255))


def found(record: str, zone: Zone, host: str = "mail.shop.example", domain: str = "shop.example") -> Finding:
    with name_server(zone) as asker:
        [one] = [one for one in checked(domain, asker, host=host, key=KEY) if one.record == record]
    return one


def spf(*records: str, **more: Sequence[str]) -> Zone:
    zone = {("shop.example", "TXT"): [text(one) for one in records], ("mail.shop.example", "A"): ["192.0.2.7"]}
    return (
        zone
        | {("shop.example", "MX"): ["10 mail.shop.example."]}
        | {(name.replace("__", "."), "TXT"): [text(one) for one in said] for name, said in more.items()}
    )


def test_all_is_well():
    zone = dict(spf("v=spf1 mx -all"))
    zone[NAME, "TXT"] = [text(VALUE)]
    zone["_dmarc.shop.example", "TXT"] = [text("v=DMARC1; p=reject; rua=mailto:a@shop.example")]
    with name_server(zone) as asker:
        findings = checked("shop.example", asker, host="mail.shop.example", key=KEY)
    assert [(one.record, one.state, one.publish) for one in findings] == [
        ("spf", "good", ""),
        ("dkim", "good", ""),
        ("dmarc", "good", ""),
    ]


def test_a_domain_that_says_nothing_is_told_what_to_publish():
    with name_server({("mail.shop.example", "A"): ["192.0.2.7"]}) as asker:
        findings = checked("shop.example", asker, host="mail.shop.example", key=KEY)
    assert [(one.state, one.name, one.publish) for one in findings] == [
        ("missing", "shop.example", "v=spf1 a:mail.shop.example ~all"),
        ("missing", NAME, VALUE),
        ("missing", "_dmarc.shop.example", "v=DMARC1; p=none; rua=mailto:postmaster@shop.example"),
    ]
    assert "shop.example has no SPF record" in findings[0].words


@pytest.mark.parametrize(
    ("record", "state", "publish"),
    [
        ("v=spf1 ip4:192.0.2.0/24 -all", "good", ""),
        ("v=spf1 a:mail.shop.example -all", "good", ""),
        ("v=spf1 a:other.example -all", "wrong", "v=spf1 a:mail.shop.example a:other.example -all"),
        ("v=spf1 include:_spf.host.example ~all", "good", ""),
        ("v=spf1 redirect=_spf.host.example", "good", ""),
        ("v=spf1 +all", "wrong", "v=spf1 ~all"),
        ("v=spf1 mx all", "wrong", "v=spf1 mx ~all"),
        ("v=spf1 ipv4:192.0.2.7 -all", "wrong", ""),
        ("v=spf1 ip4:192.0.2.300 -all", "wrong", ""),
        ("v=spf1 include:nothing.example -all", "wrong", ""),
        ("v=spf1 -ip4:192.0.2.7 +mx", "wrong", "v=spf1 a:mail.shop.example -ip4:192.0.2.7 +mx"),
        ("v=spf1 " + " ".join(f"a:h{n}.example" for n in range(11)) + " mx -all", "wrong", ""),
    ],
)  # fmt: skip
def test_who_may_send_is_worked_out(record: str, state: str, publish: str):
    zone = spf(record, _spf__host__example=["v=spf1 ip4:192.0.2.7 -all"])
    one = found("spf", zone)
    assert (one.state, one.publish) == (state, publish)
    assert one.found == record


def test_a_record_that_includes_itself_comes_to_an_end():
    assert "more than ten" in found("spf", spf("v=spf1 include:shop.example -all")).words


def test_two_records_count_as_none():
    assert "several SPF records" in found("spf", spf("v=spf1 mx -all", "v=spf1 a -all")).words


def test_a_provider_is_known_by_what_its_customers_include():
    one = found("spf", spf("v=spf1 mx -all"), host="smtp.gmail.com")
    assert one.publish == "v=spf1 include:_spf.google.com mx -all"
    zone = spf("v=spf1 include:_spf.google.com ~all", _spf__google__com=["v=spf1 ip4:203.0.113.0/24 ~all"])
    assert found("spf", zone, host="smtp.gmail.com").state == "good"


@pytest.mark.parametrize(
    ("value", "state", "words"),
    [
        (VALUE.replace("; ", ";"), "good", "is published"),
        (VALUE[:200], "wrong", "another key"),
        ("v=DKIM1; p=", "wrong", "no longer valid"),
        (VALUE.replace("k=rsa;", "k=rsa; t=y;"), "weak", "marked as a test"),
    ],
)
def test_the_published_key_is_compared(value: str, state: str, words: str):
    one = found("dkim", {(NAME, "TXT"): [text(value)]})
    assert one.state == state
    assert words in one.words
    assert one.publish == ("" if state == "good" else VALUE)


@pytest.mark.parametrize(
    ("zone", "state", "words"),
    [
        ({("_dmarc.shop.example", "TXT"): ["v=DMARC1\\;p=none"]}, "good", "only watches"),
        ({("_dmarc.example", "TXT"): ['"v=DMARC1; p=none; sp=reject"']}, "missing", "no DMARC record"),
        ({("_dmarc.shop.example", "TXT"): ['"v=DMARC1; p=strict"']}, "wrong", "no policy that exists"),
        ({("_dmarc.shop.example", "TXT"): ['"v=DMARC1; p=none"', '"v=DMARC1; p=reject"']}, "wrong", "several records"),
    ],
)
def test_the_policy_is_read(zone: Zone, state: str, words: str):
    one = found("dmarc", zone)
    assert one.state == state
    assert words in one.words


def test_a_policy_above_counts_for_the_domains_below():
    zone = {("_dmarc.shop.example", "TXT"): ['"v=DMARC1; p=none; sp=reject"']}
    assert "keeps others" in found("dmarc", zone, domain="news.shop.example").words


def test_silence_is_not_taken_for_an_answer():
    one = found("spf", {("shop.example", "TXT"): ["SERVFAIL"]})
    assert (one.state, one.publish) == ("unknown", "")
    with name_server({("shop.example", "TXT"): ["SERVFAIL"]}) as asker, pytest.raises(NoAnswer):
        asker.texts("shop.example")
