"""`careline export` and `careline erase`: the one customer who is meant, or nobody."""

from __future__ import annotations

import json

import pytest

from careline.cli import customer
from careline.customers.models import Person
from careline.kit import text
from careline.kit.refusals import NotVisible, Refused
from tests.cli.places import Place


@pytest.mark.parametrize("words", ["ada@harbor.example", "Ada Moreau", "moreau"])
def test_a_customer_is_known_by_more_than_a_number(ada: Person, words: str):
    if "@" in words:
        words = ada.identities.get(kind="email").original
    assert customer.meant(words) == ada.pk
    assert customer.meant(str(ada.pk)) == ada.pk


def test_nobody_is_guessed(ada: Person):
    with pytest.raises(NotVisible, match="no such customer"):
        customer.meant("Zora")
    with pytest.raises(NotVisible, match="no such customer"):
        customer.meant(" ")
    Person.objects.create(name="Ada Lindgren", search=text.fold("Ada Lindgren"), language="en")
    with pytest.raises(
        Refused, match=rf"Several customers are called that: .*{ada.pk} \(Ada Moreau\).* Give the number"
    ):
        customer.meant("Ada")


@pytest.mark.long
def test_everything_known_is_written_down_and_then_erased(filled: Place):
    target = filled.folder / "ada.json"
    told = filled.run("export", "ada@example.net", "--to", str(target))
    assert told.returncode == 0, told.stderr
    assert target.stat().st_mode & 0o777 == 0o600
    written = json.loads(target.read_text())
    assert written["customer"] == "1"
    assert {"customers.Person", "customers.Identity", "files.StoredFile"} <= set(written["rows"])
    assert "conversations.Message: 2" in told.stderr

    told = filled.run("erase", "1")
    assert told.returncode == 1
    assert told.stdout.endswith("Nothing was erased. careline erase 1 --now does it.\n")

    told = filled.run("erase", "ada@example.net", "--now")
    assert told.returncode == 0, told.stderr
    assert told.stdout.startswith("Customer 1 is erased:\n")
    assert "customers.Identity" in told.stdout
    with filled.database() as connection:
        named = connection.execute("SELECT count(*) FROM customers_identity").fetchone()
        assert named == (0,)
