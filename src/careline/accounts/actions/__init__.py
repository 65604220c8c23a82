"""What can be done to the organization, its people and their ways in.

Every verb takes its actor, but for those that are how one becomes somebody: setting up, signing in, accepting an
invitation and choosing a new password by link. Their proof is what they are given.
"""

from careline.accounts.actions.agents import add_agent, change_role, deactivate, reactivate, update_profile
from careline.accounts.actions.invitations import (
    Invited,
    accept_invitation,
    invite,
    resend_invitation,
    revoke_invitation,
)
from careline.accounts.actions.organization import set_up, update_organization
from careline.accounts.actions.passwords import change_password, request_reset, reset_password
from careline.accounts.actions.roles import create_role, delete_role, update_role
from careline.accounts.actions.signing_in import (
    SignedIn,
    WrongSignIn,
    end_session,
    sign_in,
    sign_out,
    sign_out_everywhere,
)
from careline.accounts.actions.teams import create_team, delete_team, rename_team, set_team_members
from careline.accounts.actions.tokens import create_token, mark_token_used, revoke_token

__all__ = [
    "Invited",
    "SignedIn",
    "WrongSignIn",
    "accept_invitation",
    "add_agent",
    "change_password",
    "change_role",
    "create_role",
    "create_team",
    "create_token",
    "deactivate",
    "delete_role",
    "delete_team",
    "end_session",
    "invite",
    "mark_token_used",
    "reactivate",
    "rename_team",
    "request_reset",
    "resend_invitation",
    "reset_password",
    "revoke_invitation",
    "revoke_token",
    "set_team_members",
    "set_up",
    "sign_in",
    "sign_out",
    "sign_out_everywhere",
    "update_organization",
    "update_profile",
    "update_role",
]
