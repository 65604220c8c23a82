"""Writing a mail on the desk: the fields, what is wrong with them, and what leaves."""

from __future__ import annotations

import pytest

from careline.accounts.actor import SYSTEM
from careline.channels import actions as channels
from careline.channels.models import Inbox, Outbox
from careline.contact import actions as contact
from careline.files.limits import LARGEST
from careline.service.conversations import actions
from careline.service.conversations.hot import words as who
from careline.service.conversations.letters import addressed
from careline.service.conversations.models import Conversation, Message

pytestmark = pytest.mark.django_db
PIECE = {"HX-Request": "true"}


@pytest.fixture
def mailbox(organization) -> Inbox:
    given = {
        "address": "help@shop.example", "sender": "Lamp Shop", "smtp_host": "mail.shop.example",
        "signature": "Your Lamp Shop\nHarbor 1", "attachments_mb": "1",
    }  # fmt: skip
    return channels.create_inbox(actor=SYSTEM, kind="email", name="Mail", settings=given)


@pytest.fixture
def mail(mailbox: Inbox, boss) -> Conversation:
    """Ada wrote, with Charles in copy."""
    from tests.channels.email.arriving import arrive, written

    arrive(mailbox.pk, written(Cc='"Charles, the first" <charles@example.com>'))
    return Conversation.objects.get()


def test_the_composer_shows_from_to_copy_and_subject(mail, boss, browser_of):
    page = browser_of(boss).get(f"/desk/{mail.pk}", headers=PIECE).content.decode()
    form = page.partition('id="reply"')[2].partition("</form>")[0]
    assert "Lamp Shop &lt;help@shop.example&gt;" in form
    assert 'name="to"' in form
    assert 'value="Ada Lovelace &lt;ada@example.com&gt;"' in form
    assert 'value="&#34;Charles, the first&#34; &lt;charles@example.com&gt;"' in form
    assert 'value="Re: Lamp"' in form
    assert "Your Lamp Shop" in form
    assert 'id="reply-row-bcc" hidden' in form
    assert 'id="reply-row-cc" hidden' not in form
    assert "1 MB" in form
    assert 'name="quotes" value="on" checked' in form


def test_a_chat_shows_none_of_it(conversation, bo, browser_of):
    page = browser_of(bo).get(f"/desk/{conversation.pk}", headers=PIECE).content.decode()
    assert 'id="reply"' in page
    assert "envelope" not in page.partition('id="reply"')[2].partition("</form>")[0]


def test_what_stands_in_the_fields_is_what_leaves(mail, boss, browser_of):
    given = {
        "body": "Here it is.", "kind": "reply", "to": "Ada <ada@example.com>; bo@example.org", "cc": "",
        "bcc": '"Boss, the" <boss@shop.example>', "subject": "Your lamp", "quotable": "on",
    }  # fmt: skip
    answer = browser_of(boss).post(f"/desk/{mail.pk}/messages", given, headers=PIECE)
    assert answer.status_code == 201
    letter = Message.objects.get(kind="reply").letter
    assert [one["address"] for one in letter["to"]] == ["ada@example.com", "bo@example.org"]
    assert letter["bcc"] == [{"address": "boss@shop.example", "name": "Boss, the"}]
    assert (letter["subject"], letter["quotes"], letter.get("cc")) == ("Your lamp", False, None)


def test_a_note_takes_no_recipients(mail, boss, browser_of):
    given = {"body": "Asked before.", "kind": "note", "to": "nonsense"}
    assert browser_of(boss).post(f"/desk/{mail.pk}/messages", given, headers=PIECE).status_code == 201
    assert Message.objects.get(kind="note").letter is None


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"to": "ada@example.com, nobody"}, {"to": "“nobody” does not look like an email address."}),
        ({"to": "", "cc": " , "}, {"to": "Say whom it goes to."}),
        (
            {"to": "ada", "bcc": "Eve <eve>"},
            {"to": "“ada” does not look like an email address.", "bcc": "“eve” does not look like an email address."},
        ),
        ({"to": ", ".join(f"p{n}@example.com" for n in range(51))}, {"to": "A mail goes to at most 50 people."}),
        ({"to": "ada@example.com", "subject": "x" * 501}, {"subject": "501"}),
    ],
)
def test_each_field_says_what_is_wrong_with_it(mail, boss, browser_of, given, wrong):
    answer = browser_of(boss).get(f"/desk/{mail.pk}/recipients", given, headers=PIECE).content.decode()
    for field in ("to", "cc", "bcc", "subject"):
        assert (f'data-wrong="{field}"' in answer) == (field in wrong)
    assert all(sentence in answer for sentence in wrong.values())
    sent = browser_of(boss).post(f"/desk/{mail.pk}/messages", {"body": "x", **given}, headers=PIECE)
    assert sent.status_code == 422
    assert not Message.objects.filter(kind="reply").exists()


def test_the_customer_left_out_and_a_dead_address_are_named(mail, boss, browser_of):
    contact.suppress("charles@example.com", "user_unknown")
    ask = browser_of(boss).get
    left_out = ask(f"/desk/{mail.pk}/recipients", {"to": "Charles <CHARLES@example.com>"}).content.decode()
    assert "Ada Lovelace does not get this" in left_out
    assert "nobody there has this name" in left_out
    one_less = ask(f"/desk/{mail.pk}/recipients", {"to": "ada@example.com"}).content.decode()
    assert "In copy, but not of this one: Charles, the first." in one_less
    fine = ask(f"/desk/{mail.pk}/recipients", {"to": "ada@example.com", "cc": "charles@example.com"}).content.decode()
    assert fine.count("envelope-remark") == 1
    assert "nobody there has this name" in ask(f"/desk/{mail.pk}").content.decode()


def test_a_stranger_learns_nothing_of_recipients(mail, dee, browser_of):
    assert browser_of(dee).get(f"/desk/{mail.pk}/recipients", {"to": "a@example.com"}).status_code == 404


def test_files_that_no_mail_carries_are_refused_before_anything_is_kept(mail, boss, browser_of):
    from django.core.files.uploadedfile import SimpleUploadedFile

    heavy = [SimpleUploadedFile(f"{n}.txt", b"x" * 600_000, "text/plain") for n in range(2)]
    given = {"body": "All of it.", "to": "ada@example.com", "files": heavy}
    answer = browser_of(boss).post(f"/desk/{mail.pk}/messages", given, headers=PIECE)
    assert answer.status_code == 413
    assert "1.2 MB together; one mail of this mailbox carries 1 MB" in answer.content.decode()
    assert not Outbox.objects.exists()
    assert LARGEST > 1_000_000


def test_an_address_written_is_read_the_same():
    said = '"Charles, the \\"first\\"" <charles@example.com>, ada@example.com, Bo Ek <bo@example.com>'
    assert addressed.written(addressed.typed(said, "to")) == said


def test_a_chat_takes_no_recipients(conversation, bo):
    from careline.kit.refusals import Refused

    with pytest.raises(Refused, match="no recipients to choose"):
        actions.reply(conversation.pk, actor=bo, body="x", letter=addressed.of_fields({"to": "a@example.com"}))
    assert who.who(email="a@example.com").identities


def test_a_message_is_passed_on_from_the_composer(mail, boss, browser_of):
    page = browser_of(boss).get(f"/desk/{mail.pk}", headers=PIECE).content.decode()
    assert 'value="forward"' in page
    assert 'data-forward="Fwd: Lamp"' in page
    theirs = Message.objects.get()
    assert f'<option value="{theirs.pk}" selected>' in page
    given = {
        "kind": "forward", "to": "Bo <bo@warehouse.example>", "subject": "Fwd: Lamp", "message_id": str(theirs.pk),
        "body": "Can you look?", "client_id": "k",
    }  # fmt: skip
    answer = browser_of(boss).post(f"/desk/{mail.pk}/messages", given, headers=PIECE)
    assert answer.status_code == 201
    shown = answer.content.decode()
    assert 'class="message forward' in shown
    assert "forwarded to Bo; the customer does not see this" in shown
    assert f'href="#message-{theirs.pk}"' in shown
    wrong = browser_of(boss).post(f"/desk/{mail.pk}/messages", given | {"client_id": "l", "message_id": "x"})
    assert wrong.status_code == 404
    ask = browser_of(boss).get
    assert (
        "gets this too"
        in ask(f"/desk/{mail.pk}/recipients", {"to": "ada@example.com", "kind": "forward"}).content.decode()
    )


def test_a_customer_is_written_to_first(mail, boss, browser_of):
    from django.core.files.uploadedfile import SimpleUploadedFile

    from careline.files.models import StoredFile

    browser = browser_of(boss)
    assert f'href="/customers/{mail.person_id}/write"' in browser.get(f"/customers/{mail.person_id}").content.decode()
    address = f"/customers/{mail.person_id}/write"
    page = browser.get(address).content.decode()
    assert "Ada Lovelace &lt;ada@example.com&gt;" in page
    assert "Lamp Shop &lt;help@shop.example&gt;" in page
    assert "1 MB in all" in page
    given = {
        "to": "ada@example.com", "cc": "Bo <bo@example.org>", "subject": "Your bill", "body": "Here it is.",
        "client_id": "k",
    }  # fmt: skip
    for wrong, field in (({"cc": "nobody"}, "f-cc-error"), ({"subject": " "}, "f-subject-error")):
        refused = browser.post(address, given | wrong)
        assert refused.status_code == 422
        assert field in refused.content.decode()
        assert "Here it is." in refused.content.decode()
    files = [SimpleUploadedFile("bill.txt", b"bill", "text/plain")]
    went = browser.post(address, given | {"files": files})
    assert went.status_code == 302
    talk = Conversation.objects.exclude(pk=mail.pk).get()
    assert went.headers["Location"] == f"/desk/{talk.pk}"
    assert (talk.subject, talk.waiting_on, talk.person_id) == ("Your bill", "customer", mail.person_id)
    letter = Message.objects.get(conversation=talk.pk).letter
    assert ([one["address"] for one in letter["cc"]], letter["subject"]) == (["bo@example.org"], "Your bill")
    assert StoredFile.objects.get(name="bill.txt").size == 4
    assert Outbox.objects.filter(message_id=Message.objects.get(conversation=talk.pk).pk).exists()
    browser.post(address, given)
    assert Conversation.objects.count() == 2


def test_only_who_may_answer_writes_first(mail, dee, browser_of, hire):
    assert browser_of(dee).get(f"/customers/{mail.person_id}/write").status_code in (200, 404)
    looker = hire("Ana Lyst", role="analyst").as_actor((mail.inbox_id,))
    assert browser_of(looker).get(f"/customers/{mail.person_id}/write").status_code == 403
