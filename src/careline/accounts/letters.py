"""The mails agents get, each with a link that works once. Only digests of the links' secrets are kept."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from careline.accounts import audit
from careline.accounts.actor import SYSTEM
from careline.accounts.models import Agent, Invitation, Organization, PasswordReset
from careline.kit import clock, mail, signing

INVITATION_LASTS = timedelta(days=7)
RESET_LASTS = timedelta(hours=1)


def secret() -> str:
    return secrets.token_urlsafe(32)


def invitation_link(key: str) -> str:
    return f"{settings.CARELINE_BASE_URL}/invitations/{key}"


def reset_link(key: str) -> str:
    return f"{settings.CARELINE_BASE_URL}/resets/{key}"


def send_invitation(invitation: Invitation, link: str, *, invited_by: str) -> None:
    organization = Organization.objects.get()
    with translation.override(_screen_language(organization.languages)):
        mail.send(
            invitation.email,
            _("Join %(organization)s on Careline") % {"organization": organization.name},
            _(
                "%(name)s invites you to answer customers of %(organization)s with Careline.\n\n"
                "Choose your password here; the link works once and for seven days:\n%(link)s\n"
            )
            % {"name": invited_by, "organization": organization.name, "link": link},
        )


def send_reset(agent_id: int) -> None:
    """Makes the link and mails it. For an account that is not there it does nothing."""
    key, now = secret(), clock.now()
    with transaction.atomic():
        agent = Agent.objects.active().filter(pk=agent_id).first()
        if agent is None:
            return
        PasswordReset.objects.create(
            agent=agent, digest=signing.digest(key), created_at=now, expires_at=now + RESET_LASTS
        )
        audit.record("password.reset-mailed", f"agent:{agent.pk}", actor=SYSTEM)
    with translation.override(agent.language):
        mail.send(
            agent.email,
            _("Choose a new password for Careline"),
            _(
                "Somebody, hopefully you, asked for a new password.\n\n"
                "Choose it here; the link works once and for one hour:\n%(link)s\n\n"
                "If it was not you, do nothing: your password stays as it is.\n"
            )
            % {"link": reset_link(key)},
        )


def _screen_language(languages: list[str]) -> str:
    offered = dict(settings.LANGUAGES)
    return next((language for language in languages if language in offered), settings.LANGUAGE_CODE)
