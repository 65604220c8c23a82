"""Reports whose time has come, looked for every minute; and one that somebody asks for."""

from careline.insights.reports import sending
from careline.kit import jobs
from careline.kit.jobs import job


@job(every="* * * * *", lock="insights.reports")
def send_due() -> None:
    sending.send_due(jobs.leaving.is_set)


@job(lock="insights.reports")
def send_at_once() -> None:
    sending.send_due(jobs.leaving.is_set)
