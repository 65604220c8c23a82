"""What may be allowed, each in words a person reads, and the roles every installation begins with."""

from django.utils.translation import gettext_lazy as _

PERMISSIONS = {
    "conversations.view": _("read conversations"),
    "conversations.reply": _("answer customers"),
    "conversations.note": _("write internal notes"),
    "conversations.assign": _("assign conversations"),
    "conversations.close": _("resolve, reopen, snooze and put away conversations"),
    "customers.view": _("see customers"),
    "customers.edit": _("change what is known of customers"),
    "customers.export": _("export what is stored of a customer"),
    "customers.erase": _("erase a customer"),
    "inboxes.view_all": _("see every inbox without being a member"),
    "inboxes.manage": _("create and change inboxes"),
    "agents.manage": _("invite, change and deactivate agents"),
    "teams.manage": _("create and change teams"),
    "roles.manage": _("create and change roles"),
    "tokens.manage": _("create and revoke API tokens"),
    "organization.manage": _("change the organization's settings"),
    "audit.view": _("read the audit log"),
    "queues.manage": _("set up queues, skills and statuses"),
    "promises.manage": _("set up hours and promises"),
    "rules.manage": _("write rules and switch them on"),
    "bots.manage": _("write bots and intents and switch them on"),
    "board.view": _("see the live board"),
    "surveys.view": _("read surveys and what was answered"),
    "surveys.edit": _("write, publish and close surveys"),
    "knowledge.view": _("read every article, drafts too"),
    "knowledge.edit": _("write and publish articles"),
    "reports.view": _("read reports, and define what is worked out of customers"),
}

_WORK = {
    "conversations.view",
    "conversations.reply",
    "conversations.note",
    "conversations.assign",
    "conversations.close",
    "customers.view",
    "customers.edit",
    "knowledge.view",
}

_LOOKING = {"inboxes.view_all", "reports.view", "surveys.view", "board.view", "knowledge.view"}
_LEADING = _LOOKING | {
    "teams.manage", "queues.manage", "promises.manage", "rules.manage", "knowledge.edit", "bots.manage",
}  # fmt: skip

# Migrations 0001, 0003, 0006, 0011 and 0012 hold the same lists as literals; a test keeps the two equal.
ROLES: dict[str, frozenset[str]] = {
    "owner": frozenset(PERMISSIONS),
    # Who may write roles may write themselves any permission, so that one stays with owners.
    "admin": frozenset(set(PERMISSIONS) - {"roles.manage"}),
    "lead": frozenset(_WORK | _LEADING),
    "agent": frozenset(_WORK),
    "analyst": frozenset({"conversations.view", "customers.view"} | _LOOKING),
}
