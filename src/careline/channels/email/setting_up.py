"""What a mailbox can say while it is set up: where its servers are, what the DNS holds, who is to let it in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache

from django.utils.translation import gettext as _

from careline.channels.adapter import DeliveryFailed, Endpoint
from careline.channels.email import dialing, dkim, mailbox, oauth, records, suggesting
from careline.channels.guiding import Finding, Suggestion
from careline.kit.refusals import Refused


def suggested(address: str, *, look: bool) -> Suggestion | None:
    if not look:
        return suggesting.suggested(address, None, None)
    try:
        return suggesting.suggested(address, _dns(), suggesting.dialed(dialing.reached, dialing.context()))
    except DeliveryFailed:
        return None


def findings(inbox: Endpoint) -> list[Finding]:
    domain = mailbox.domain(inbox)
    if not domain:
        return []
    return records.checked(domain, _dns(), host=str(inbox.settings.get("smtp_host", "")), key=mailbox.dkim_key(inbox))


def new_key(inbox: Endpoint, at: datetime) -> Mapping[str, str]:
    """Under another name than the one in use: both stand in the DNS while mails are on their way."""
    made = dkim.made(mailbox.domain(inbox), at)
    selector = made.selector
    if selector == inbox.settings.get("dkim_selector"):
        selector = f"{selector}{at:%d%H%M}"
    return {"dkim_selector": selector, "dkim_key": made.private}


def client(inbox: Endpoint) -> oauth.Client:
    """What the provider knows this installation by."""
    provider, client_id = str(inbox.settings.get("sign_in", "")), str(inbox.settings.get("client_id", "")).strip()
    if provider not in oauth.PROVIDERS:
        raise Refused(_("Choose Google or Microsoft 365 under “Sign in” first."), field="sign_in")
    if not client_id:
        raise Refused(_("Fill in the client id that the provider gave you."), field="client_id")
    return oauth.Client(
        provider=provider,
        client_id=client_id,
        client_secret=inbox.credentials.get("client_secret", ""),
        tenant=str(inbox.settings.get("tenant") or "common"),
    )


@cache
def _dns() -> records.Dns:
    return records.Dns()
