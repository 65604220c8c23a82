"""What can be done to the organization, its people and their ways in.

Every verb takes its actor, but for those that are how one becomes somebody: setting up, signing in, accepting an
invitation and choosing a new password by link. Their proof is what they are given.
"""

from careline.accounts.actions.agents import add_agent, change_role, deactivate, reactivate, update_profile
from careline.accounts.actions.companies import (
    Given,
    Group,
    begin_company,
    drop_provider,
    keep_provider,
    sign_in_with_company,
)
from careline.accounts.actions.invitations import (
    Invited,
    accept_invitation,
    invite,
    resend_invitation,
    revoke_invitation,
)
from careline.accounts.actions.organization import set_up, update_organization
from careline.accounts.actions.passwords import change_password, request_reset, reset_password
from careline.accounts.actions.roles import confine_role, create_role, delete_role, update_role
from careline.accounts.actions.signing_in import (
    NotThisWay,
    OnTheWay,
    SignedIn,
    WrongSignIn,
    end_session,
    sign_in,
    sign_out,
    sign_out_everywhere,
)
from careline.accounts.actions.staying import keep_policy, recover_owner
from careline.accounts.actions.teams import create_team, delete_team, rename_team, set_team_members
from careline.accounts.actions.tokens import create_token, mark_token_used, revoke_token
from careline.accounts.actions.ways import (
    WrongCode,
    add_passkey,
    answer_code,
    ask_passkey,
    begin_codes,
    begin_passkey,
    confirm_codes,
    forget_codes,
    forget_passkey,
    forget_ways,
    renew_recovery_codes,
    secured,
    sign_in_with_passkey,
)

__all__ = [
    "Given",
    "Group",
    "Invited",
    "NotThisWay",
    "OnTheWay",
    "SignedIn",
    "WrongCode",
    "WrongSignIn",
    "accept_invitation",
    "add_agent",
    "add_passkey",
    "answer_code",
    "ask_passkey",
    "begin_codes",
    "begin_company",
    "begin_passkey",
    "change_password",
    "change_role",
    "confine_role",
    "confirm_codes",
    "create_role",
    "create_team",
    "create_token",
    "deactivate",
    "delete_role",
    "delete_team",
    "drop_provider",
    "end_session",
    "forget_codes",
    "forget_passkey",
    "forget_ways",
    "invite",
    "keep_policy",
    "keep_provider",
    "mark_token_used",
    "reactivate",
    "recover_owner",
    "rename_team",
    "renew_recovery_codes",
    "request_reset",
    "resend_invitation",
    "reset_password",
    "revoke_invitation",
    "revoke_token",
    "secured",
    "set_team_members",
    "set_up",
    "sign_in",
    "sign_in_with_company",
    "sign_in_with_passkey",
    "sign_out",
    "sign_out_everywhere",
    "update_organization",
    "update_profile",
    "update_role",
]
