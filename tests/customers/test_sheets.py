"""Customers as files: what goes out comes in again, a second time adds nothing, and no cell is a formula."""

from __future__ import annotations

import csv
import io

import pytest

from careline.customers import actions, queries
from careline.customers.identities import Given
from careline.customers.models import Identity, Person
from careline.customers.sheets import cells, incoming, outgoing, vcards
from careline.kit.refusals import NotAllowed, Refused, TooLarge
from tests.customers.conftest import naughty_strings

FILE = """Name;E-Mail;Telephone;Plan;Firm;Since
Bea Ek;bea@example.com;+46 8 123 456 78;gold;Acme;2026-01-02
;;;gold;;
Cal;not an address;;;;
Dov;dov@example.com;;platinum;;
Ada M.;ada@example.com;;free;Acme;
Two;ada@example.com;+46812345678;;;
"""


@pytest.fixture
def plans(boss) -> None:
    actions.define_attribute("plan", "Plan", "choice", ["gold", "free"], actor=boss)
    actions.define_attribute("since", "Since", "date", actor=boss)
    actions.define_attribute("vip", "VIP", "boolean", actor=boss)
    actions.define_attribute("seats", "Seats", "number", actor=boss)


def taken(raw: str, actor, keep: bool = True) -> incoming.Report:
    table = cells.table(raw.encode())
    return incoming.take_table(table, incoming.guessed(table.heads), actor=actor, keep=keep)


def test_a_file_is_looked_at_taken_and_taken_again_without_adding_anything(plans, ada, bo):
    looked = taken(FILE, bo, keep=False)
    assert Person.objects.count() == 1
    first, again = taken(FILE, bo), taken(FILE, bo)
    assert looked == first
    assert (first.rows, first.new, first.changed, first.known) == (6, 1, 1, 0)
    assert [(one.row, one.why[:12]) for one in first.refused] == [
        (3, "The row name"), (4, again.refused[1].why[:12]), (5, "plan must be"), (7, "It names two"),
    ]  # fmt: skip
    assert (again.new, again.changed, again.known, len(again.refused)) == (0, 0, 2, 4)
    assert Person.objects.count() == 2
    bea = Person.objects.get(name="Bea Ek")
    assert bea.attributes == {"plan": "gold", "since": "2026-01-02"}
    assert [one.name for one in queries.companies_of(bo, bea.pk)] == ["Acme"]
    assert not Identity.objects.filter(person=bea, verified=True).exists()
    assert queries.customer(bo, ada.pk).name == "Ada Moreau"


def test_what_goes_out_comes_in_again(plans, ada, bo, boss):
    odd = actions.find_or_create(
        [Given("external", "=1+1"), Given("external", "'=x"), Given("email", "o@example.com")], actor=bo,
        name='@odd, "quoted"\tname', language="id", zone="Asia/Jakarta",
        attributes={"plan": "free", "vip": False, "seats": 2.5},
    ).person  # fmt: skip
    actions.join_company_named(odd.pk, "-Minus Ltd", actor=bo)
    written = "".join(outgoing.as_csv(boss))
    rows = list(csv.DictReader(io.StringIO(written)))
    assert [row["email"] for row in rows] == ["o@example.com", "Ada@Example.com"]
    for row in rows:
        assert [cell for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
    assert rows[1]["phone"] == "'+442071838750"
    again = taken(written, bo)
    assert (again.known, again.new, again.changed, again.refused) == (2, 0, 0, [])
    for person in (odd.pk, ada.pk):
        actions.erase(person, actor=boss)
    assert taken(written, bo).new == 2
    back = queries.whole(list(Person.objects.known().filter(language="id")))[0]
    assert (back.name, back.attributes) == ('@odd, "quoted"\tname', {"plan": "free", "vip": False, "seats": 2.5})
    assert {one.value for one in back.identities if one.kind == "external"} == {"=1+1", "'=x"}


@pytest.mark.parametrize("cell", ["=1", "'=1", "''+1", "+44", "-", "@a", "\ta", "'", "'a", "a=1", ""])
def test_a_cell_is_made_harmless_and_restored(cell):
    assert cells.restored(cells.harmless(cell)) == cell
    assert not cells.harmless(cell).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_the_list_is_written_down_as_it_is_narrowed_and_by_who_may(ada, bo, boss, hire):
    Person.objects.create(name="Else")
    assert "".join(outgoing.as_csv(boss, "ada")).count("\r\n") == 2
    with pytest.raises(NotAllowed):
        outgoing.as_csv(bo)
    with pytest.raises(NotAllowed):
        incoming.take_cards([], actor=hire("Ana Lyst", role="analyst").as_actor(), keep=True)


@pytest.mark.parametrize(
    "raw", [b"", b"name,email", b"a\0b,c\n1,2", b'name,email\n"broken,x', b"x" * (1024 * 1024 + 1), b"\n" * 9]
)
def test_what_is_no_table_is_refused(raw):
    with pytest.raises((Refused, TooLarge)):
        cells.table(raw)


def test_a_file_of_another_encoding_is_read():
    for codec in ("utf-16", "cp1252", "utf-8-sig"):
        assert cells.table("name,email\nJosé,j@x.example\n".encode(codec)).rows == [["José", "j@x.example"]]


@pytest.mark.parametrize("columns", [["nothing"], ["email", "email"], ["name"], ["attribute:no"]])
def test_columns_that_cannot_be_are_refused(columns, bo):
    with pytest.raises(Refused):
        incoming.take_table(cells.Table(["a"], [["b"]]), columns, actor=bo, keep=True)


CARD = (
    'BEGIN:VCARD\r\nVERSION:3.0\r\nN:Moreau;Ada;;Dr.;\r\nFN:Dr. Ada\r\n  Moreau\r\nitem1.EMAIL;TYPE="a;b",pref:'
    "ada@example.com\r\nTEL;VALUE=uri:tel:+44-20-7183-8750\r\nORG:Acme\\, Ltd;Sales\r\nTZ:+0100\r\nEND:VCARD\r\n"
)


def test_a_card_is_read_as_address_books_write_it():
    [card] = vcards.read(CARD.encode())
    assert card == vcards.Card(
        "Dr. Ada Moreau", ["ada@example.com"], ["+44-20-7183-8750"], [], "Acme, Ltd", "", ""
    )  # fmt: skip
    old = (
        "BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:L=C3=B6w;=\nAnn\nEMAIL;INTERNET:a@x.example\n"
        "END:VCARD\nnoise\nBEGIN:VCARD\nVERSION:4.0\nFN:\nN:;;;;\nEND:VCARD"
    )
    first, second = vcards.read(old.encode())
    assert (first.name, first.emails) == ("Ann Löw", ["a@x.example"])
    assert second == vcards.Card()


@pytest.mark.parametrize("version", ["3.0", "4.0"])
def test_a_card_goes_out_and_comes_in_again(version):
    for said in [*naughty_strings("some"), "Ümlaut, ; \\ " * 30, "line\nbreak"]:
        if "\0" in said or "\ud800" in said or not said.strip() or "\r" in said or said != said.strip():
            continue
        card = vcards.Card(said, ["a@example.com"], ["+4712345678"], ["A;1,2"], "Acme; Ltd", "en", "Europe/Oslo")
        written = vcards.written(card, version)
        assert vcards.read(written.encode()) == [card], ascii(said)
        assert max(len(one.encode()) for one in written.split("\r\n")) <= 75


def test_cards_are_taken_and_a_second_time_add_nothing(ada, bo, boss):
    first = incoming.take_cards(vcards.read(CARD.encode()), actor=bo, keep=True)
    again = incoming.take_cards(vcards.read(CARD.encode()), actor=bo, keep=True)
    assert (first.changed, again.known, Person.objects.count()) == (1, 1, 1)
    card = outgoing.card_of(boss, ada.pk, "4.0")
    assert "FN:Ada Moreau\r\n" in card
    assert "ORG:Acme\\, Ltd\r\n" in card
    assert "TEL;VALUE=uri:tel:+442071838750\r\n" in card
    with pytest.raises(Refused):
        vcards.read(b"no card")
