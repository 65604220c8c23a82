"""What the company asks: after each conversation in the chat, in the chat itself."""

from __future__ import annotations

from careline.demo.company import Company
from careline.experience.surveys import actions, beginnings
from careline.experience.surveys.sending import planning
from careline.experience.surveys.sending.shapes import Planned

# Its code is the one that the months behind it were answered under.
NAME = "After help"


def begin(house: Company) -> None:
    """From now on; whoever was helped in the months that are told is not asked about it today."""
    form = beginnings.form(beginnings.named("help"), "en")
    survey = actions.create(NAME, form, actor=house.owner)
    actions.publish(survey.pk, actor=house.owner)
    wanted = Planned(name="In the chat", kind="after", inbox_ids=[house.chat], delay_minutes=0, ways=["conversation"])
    plan = planning.make_plan(survey.pk, wanted, actor=house.owner)
    planning.switch_on(plan.pk, actor=house.owner)
