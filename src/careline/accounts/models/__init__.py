"""The nouns of the room: the organization, its people, how they get in, and what they did."""

from careline.accounts.models.access import Invitation, PasswordReset, Session, SignInAttempt, Token
from careline.accounts.models.organization import Organization, PastHours
from careline.accounts.models.people import Agent, Role, Team, TeamMember
from careline.accounts.models.records import AuditEntry, AuditSeal, Idempotency
from careline.accounts.models.ways import (
    Codes,
    CompanyAccount,
    Passkey,
    Provider,
    ProviderGroup,
    RecoveryCode,
    SignInStep,
)

__all__ = [
    "Agent",
    "AuditEntry",
    "AuditSeal",
    "Codes",
    "CompanyAccount",
    "Idempotency",
    "Invitation",
    "Organization",
    "Passkey",
    "PasswordReset",
    "PastHours",
    "Provider",
    "ProviderGroup",
    "RecoveryCode",
    "Role",
    "Session",
    "SignInAttempt",
    "SignInStep",
    "Team",
    "TeamMember",
    "Token",
]
