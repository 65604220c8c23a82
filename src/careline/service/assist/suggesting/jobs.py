"""Timers, one call each."""

from careline.kit.jobs import job
from careline.service.assist.suggesting import learning


@job(every="* * * * *", lock="assist.vectors")
def give_vectors() -> None:
    learning.give_vectors()


@job(every="20 3 * * *", lock="assist.forget")
def forget() -> None:
    learning.forget()
