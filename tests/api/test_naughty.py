"""Every text field keeps what it is given byte for byte, or refuses it with a word; and nothing is a fault."""

from __future__ import annotations

import json
import os
from pathlib import Path
from urllib.parse import quote

import pytest

# A few of each kind for everybody; the whole list where a folder of test data is named.
OWN = [
    "", " ", "\t", "\u2003", "undefined", "nil", "None", "-1", "1e1000", "0x7fffffff", "'; DROP TABLE agents;--",
    "<script>alert(1)</script>", "{{ 7*7 }}", "%s%p%n", "../../etc/passwd\x00", "a\x00b", "\x7f\x80\x9f", "\ufeffbom",
    "Ω≈ç√∫", "表ポあA鷗ŒéＢ逍Üßªąñ丂㐀𠀀", "הָיְתָהtestالصفحات التّحول", "𝕋𝕙𝕖 𝕢𝕦𝕚𝕔𝕜", "👩🏽‍❤️‍💋‍👨🏻", "T̷̢̛o̶̢͠",
    "\u202etest\u202e", "\u200b\u200d",
    "line\nbreak\r\n", "=1+1", "-2+3", "@SUM(A1)", "\\", '"', "ﬀ", "ı", "İ", "\ud7ff\ue000\uffff",
]  # fmt: skip


def strings(extent: str) -> list[str]:
    folder = os.environ.get("CARELINE_TEST_DATA")
    file = Path(folder) / "robust-blns" / "blns.json" if folder else None
    given = json.loads(file.read_text()) if file and file.is_file() else []
    return list(dict.fromkeys([*OWN, *(given if extent == "all" else given[::25])]))


EXTENT = pytest.mark.parametrize("extent", ["some", pytest.param("all", marks=pytest.mark.long)])


@pytest.fixture
def fields(bos, boss, inbox, conversation, ada):
    """Name of a field -> what writes it and gives back what was kept."""
    from careline.customers import actions

    actions.define_attribute("remark", "Remark", "text", actor=boss)
    room, customer = f"conversations/{conversation.pk}/messages", f"customers/{ada.pk}"

    def opening(**given):
        return bos.post("conversations", {"inbox_id": inbox.pk, "body": "Hm"} | given)

    def spoken(text, **more):
        answer = bos.post(room, {"body": text} | more)
        return answer, lambda: answer.json["body"]

    def first(path, **given):
        answer = opening(**given)
        return answer, lambda: path(answer.json)

    def changed(path, /, **given):
        answer = bos.patch(customer, given)
        return answer, lambda: path(bos.get(customer).json)

    def tagged(text):
        answer = bos.patch(f"conversations/{conversation.pk}", {"tags": [text]})
        return answer, lambda: bos.get(f"conversations/{conversation.pk}").json["tags"][0]

    return {
        "body of first words": lambda t: first(lambda told: told["message"]["body"], body=t),
        "subject": lambda t: first(lambda told: told["subject"], subject=t),
        "name of a new customer": lambda t: first(lambda told: told["customer"]["name"], customer={"name": t}),
        "id elsewhere": lambda t: first(
            lambda told: bos.get(f"customers/{told['customer']['id']}").json["external_id"] or "",
            customer={"external_id": t},
        ),
        "reply": spoken,
        "note": lambda t: spoken(t, kind="note"),
        "words of the customer": lambda t: spoken(t, author="customer"),
        "client id": lambda t: (spoken("Hm", client_id=t)[0], lambda: t),
        "tag": tagged,
        "name": lambda t: changed(lambda told: told["name"], name=t),
        "attribute": lambda t: changed(lambda told: told["attributes"]["remark"], attributes={"remark": t}),
    }


@EXTENT
@pytest.mark.parametrize(
    "field",
    [
        "body of first words", "subject", "name of a new customer", "id elsewhere", "reply", "note",
        "words of the customer", "client id", "tag", "name", "attribute",
    ],
)  # fmt: skip
def test_text_comes_back_as_it_was_written_or_is_refused_with_a_word(field, fields, extent):
    kept = refused = 0
    for text in strings(extent):
        answer, found = fields[field](text)
        if answer.status < 300:
            assert found() == text, (field, text)
            kept += 1
        else:
            status, sentence = answer.told
            assert (status, bool(sentence)) == (422, True), (field, text, answer.body)
            assert "\0" in text or not text.strip() or len(text) > 50, (field, text, sentence)
            refused += 1
    assert kept > refused


@EXTENT
def test_whatever_is_searched_for_is_no_fault(bos, ada, extent):
    for text in strings(extent):
        answer = bos.get(f"customers?q={quote(text)}")
        assert answer.status in (200, 422), (text, answer.body)


@EXTENT
def test_whatever_stands_in_an_address_is_no_fault(bos, extent):
    for text in strings(extent):
        for path in ("conversations/{}", "customers/{}", "conversations?cursor={}", "conversations?view={}", "{}"):
            answer = bos.get(path.format(quote(text, safe="")))
            assert answer.status in (200, 404, 422), (path, text, answer.body)
            assert answer.headers["content-type"].endswith("json")


@EXTENT
def test_a_whole_thread_of_such_words_is_listed_as_it_was_written(bos, conversation, extent):
    room = f"conversations/{conversation.pk}/messages"
    written = [text for text in strings(extent) if bos.post(room, {"body": text}).status == 201]
    found, following = [], ""
    while following is not None:
        told = bos.get(f"{room}?limit=200" + (f"&cursor={following}" if following else "")).json
        found += [one["body"] for one in told["items"]]
        following = told["next"]
    assert found[1:] == written
