"""Gmail and Microsoft 365: fetched from and sent by with tokens, which a real Dovecot and a fake of theirs check."""

from __future__ import annotations

import base64

import pytest
from aiosmtpd.smtp import SMTP, AuthResult

from careline.channels import queries, satchel
from careline.channels.email import receiving
from careline.channels.email.adapter import Email
from careline.channels.models import Inbound
from tests.channels.email.consents import CLIENT, SECRET, Consents
from tests.channels.email.mailboxes import mail, until
from tests.channels.email.servers import Desk, serving

pytestmark = pytest.mark.django_db(transaction=True)


def agreed(consents: Consents, box: dict[str, str]) -> dict[str, str]:
    """The settings of a mailbox somebody has given consent for."""
    lasting = consents.new("refresh")
    consents.lasting.add(lasting)
    return box | {
        "client_id": CLIENT, "client_secret": SECRET, "refresh_token": lasting, "imap_password": "",
    }  # fmt: skip


@pytest.mark.parametrize("provider", ["google", "microsoft"])
def test_gmail_and_microsoft_are_fetched_by_token(dove, fetched, worker, consents, provider):
    box = fetched(**agreed(consents, {"sign_in": provider}))
    consents.user = box.settings["address"]
    dove.deliver(box.settings["address"], mail("By token"))
    worker.round()
    until(lambda: Inbound.objects.count() == 1)
    kept = queries.endpoint(box.inbox_id).credentials["refresh_token"]
    assert kept in consents.lasting
    # Microsoft's replaces itself each time; the newer one is kept, and the worker goes on undisturbed.
    assert (kept == box.credentials["refresh_token"]) is (provider == "google")
    serving_before = worker._runners[box.inbox_id]
    worker.round()
    assert worker._runners[box.inbox_id] is serving_before


def test_a_token_taken_back_before_its_time_is_replaced_and_a_consent_taken_back_is_told(dove, fetched, consents):
    box = fetched(**agreed(consents, {"sign_in": "google"}))
    consents.user = box.settings["address"]
    assert "can be read" in Email().test_fetching(box)
    consents.open.clear()
    assert "can be read" in Email().test_fetching(box)
    consents.take_back()
    with pytest.raises(satchel.FetchFailed) as failed:
        Email().test_fetching(box)
    assert failed.value.reason.startswith("Google does not let us into this mailbox anymore: connect it again.")
    assert failed.value.lasting
    stranger = fetched(**agreed(consents, {"sign_in": "google"}))
    consents.user = "somebody@else.example"
    with pytest.raises(satchel.FetchFailed, match="did not accept the sign-in of this mailbox: connect it again"):
        Email().test_fetching(stranger)
    with pytest.raises(satchel.FetchFailed, match="Nobody has let us into this mailbox at Google yet"):
        Email().test_fetching(fetched(sign_in="google"))


class Gmail(Desk):
    """Lets in whoever shows a token that opens now."""

    def __init__(self, consents: Consents) -> None:
        super().__init__()
        self.consents = consents

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:
        said = base64.b64decode(args[1]).decode()
        self.tries += 1
        token = said.partition("auth=Bearer ")[2].rstrip("\x01")
        if self.consents.open.get(token) == said.partition("\x01")[0].removeprefix("user="):
            self.signed_in.append("XOAUTH2")
            return AuthResult(success=True)
        await server.push("334 " + base64.b64encode(b'{"status":"400"}').decode())
        await server._reader.readline()
        return AuthResult(success=False, handled=False)


def test_answers_leave_by_token_too(fetched, consents):
    desk = Gmail(consents)
    with serving(desk) as port:
        box = fetched(
            **agreed(consents, {"sign_in": "google", "smtp_host": "127.0.0.1", "smtp_port": str(port)}),
            smtp_security="none",
        )
        consents.user = box.settings["address"]
        assert Email().test(box) == "127.0.0.1 lets this mailbox in."
        consents.open.clear()
        assert Email().test(box) == "127.0.0.1 lets this mailbox in."
    assert (desk.tries, desk.signed_in) == (3, ["XOAUTH2", "XOAUTH2"])
    assert receiving.by_token(box)
