"""Why no model of this room holds personal data of customers. Agents are staff: they leave by being deactivated."""

from careline.kit import personal

STAFF = "It is about agents, who are staff and no customers."
HOUSE = "It describes the organization and nobody in particular."


def register() -> None:
    for model in (
        *("Agent", "TeamMember", "Session", "Token", "Invitation", "PasswordReset", "SignInAttempt", "SignInStep"),
        *("Codes", "RecoveryCode", "Passkey", "CompanyAccount"),
    ):
        personal.exempt(f"accounts.{model}", STAFF)
    for model in ("Organization", "PastHours", "Provider", "ProviderGroup", "Role", "Team"):
        personal.exempt(f"accounts.{model}", HOUSE)
    personal.exempt("accounts.AuditEntry", "It holds ids and names of fields only, never what they say.")
    personal.exempt("accounts.AuditSeal", "It counts entries of the audit log.")
    personal.exempt(
        "accounts.Idempotency",
        "It repeats answers for a day; with who is erased, rooms forget those that quote them.",
    )
