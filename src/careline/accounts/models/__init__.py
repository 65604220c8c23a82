"""The nouns of the room: the organization, its people, how they get in, and what they did."""

from careline.accounts.models.access import Invitation, PasswordReset, Session, SignInAttempt, Token
from careline.accounts.models.organization import Organization, PastHours
from careline.accounts.models.people import Agent, Role, Team, TeamMember
from careline.accounts.models.records import AuditEntry, Idempotency

__all__ = [
    "Agent",
    "AuditEntry",
    "Idempotency",
    "Invitation",
    "Organization",
    "PasswordReset",
    "PastHours",
    "Role",
    "Session",
    "SignInAttempt",
    "Team",
    "TeamMember",
    "Token",
]
