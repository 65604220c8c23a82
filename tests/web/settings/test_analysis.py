"""What the page says of the columnar copy, to whom."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from careline import touchpoints
from careline.accounts.actor import SYSTEM
from careline.insights.warehouse.copy import keeping
from careline.web.ops import figures
from tests.touchpoints.conftest import wait_for_the_horizon

PAGE = "/settings/analysis"


@pytest.fixture(autouse=True)
def columnar(tmp_path, settings):
    settings.DATA = tmp_path


@pytest.mark.django_db
def test_an_agent_is_not_shown_it(bo, browser_of):
    assert browser_of(bo).get(PAGE).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_it_tells_how_far_the_copy_has_come(boss, ada, browser_of):
    browser = browser_of(boss)
    assert "There is no copy yet" in browser.get(PAGE).content.decode()
    with transaction.atomic():
        touchpoints.record("event.tracked", person=ada.pk, actor=SYSTEM, source="track:1", name="one")
    waiting = browser.get(PAGE).content.decode()
    assert "Age of the oldest, in seconds" in waiting
    wait_for_the_horizon()
    keeping.follow()
    followed = browser.get(PAGE).content.decode()
    assert "the copy holds the whole line" in followed
    assert "<dt>Moments in it</dt><dd>1</dd>" in followed


async def test_metrics_tell_it_too(transactional_db, django_db_setup, ada):
    from asgiref.sync import sync_to_async

    from careline.kit import pool
    from careline.web.ops.exposition import page

    def record() -> None:
        connection.close()  # this thread's may be one that an earlier test has cut
        with transaction.atomic():
            touchpoints.record("event.tracked", person=ada.pk, actor=SYSTEM, source="track:1", name="one")

    await sync_to_async(record)()
    await pool.open_pool(django_db_setup, size=4)
    try:
        figures._kept = None
        told = page(await figures.figures())
    finally:
        figures._kept = None
        await pool.close_pool()
    assert "\ncareline_columnar_behind 1\n" in told
    assert "\ncareline_columnar_moments 0\n" in told
