"""What cannot be done at the desk is said in the language of whoever tried."""

from __future__ import annotations

import pytest

from careline.accounts.models import Agent


@pytest.mark.parametrize(
    ("act", "told"),
    [
        ("closure", "Percakapan ini sudah diselesaikan."),
        ("snooze", "Pilih waktu yang belum lewat."),
        ("assignment", "Agen ini tidak bekerja di kotak masuk percakapan ini."),
        ("priority", "Prioritas adalah angka dari 0 (tidak ada) sampai 4 (mendesak)."),
        ("tags", "Tag paling banyak 60 karakter; yang ini 70."),
        ("messages", "Percakapan ini ada di spam; keluarkan dulu."),
    ],
)
def test_a_refusal_comes_in_the_readers_language(conversation, bo, dee, browser_of, act, told):
    Agent.objects.filter(pk=bo.agent_id).update(language="id")
    browser, address = browser_of(bo), f"/desk/{conversation.pk}"
    forms = {
        "snooze": "until=2001-01-01T09:00", "assignment": f"agent={dee.agent_id}", "priority": "priority=9",
        "tags": f"tags={'x' * 70}",
    }  # fmt: skip
    script = {"HX-Request": "true"}
    if act == "messages":
        browser.put(f"{address}/place", "place=spam", headers=script)
        answer = browser.post(f"{address}/messages", {"kind": "reply", "body": "Hello"}, headers=script)
    else:
        if act == "closure":
            browser.put(f"{address}/closure", "", headers=script)
        answer = browser.put(f"{address}/{act}", forms.get(act, ""), headers=script)
    assert (answer.status_code in (409, 422), answer.content.decode()) == (True, told)


def test_what_is_not_there_is_not_there_in_any_language(bo, browser_of):
    Agent.objects.filter(pk=bo.agent_id).update(language="ar")
    answer = browser_of(bo).get("/desk/999999", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.content.decode()) == (404, "لا توجد محادثة كهذه.")


def test_edited_words_are_refused_when_the_first_had_arrived_and_may_go_under_a_new_key(conversation, bo, browser_of):
    browser, address = browser_of(bo), f"/desk/{conversation.pk}/messages"

    def send(body, client, **form):
        given = {"kind": "reply", "body": body, "client_id": client} | form
        return browser.post(address, given, headers={"HX-Request": "true"})

    first = send("first words", "lost-1")
    again = send("first words", "lost-1")
    assert (first.status_code, again.status_code) == (201, 201)
    for other in (send("edited words", "lost-1"), send("first words", "lost-1", kind="note")):
        assert other.status_code == 422
        assert other.content.decode() == "What you sent before had arrived after all. Send again to send this too."
    assert send("edited words", other["Next-Client-Id"]).status_code == 201
    assert send(" ", "lost-1").headers.get("Next-Client-Id") is None
    said = conversation.messages.filter(kind__in=["reply", "note"]).order_by("seq")
    assert [one.body for one in said] == ["first words", "edited words"]
