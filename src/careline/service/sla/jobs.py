"""Timers of the room, one call each."""

from careline.accounts import queries as accounts
from careline.kit.jobs import job
from careline.service.sla import actions


@job(every="* * * * *", lock="sla.pass")
def pass_due() -> None:
    # Before there is a house nobody has promised anything.
    if accounts.is_set_up():
        actions.pass_due()
