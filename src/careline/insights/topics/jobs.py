"""Topics somebody asks for now."""

from careline.insights.topics import finding
from careline.kit.jobs import job


@job(lock="insights.topics")
def find_at_once() -> None:
    finding.find()
