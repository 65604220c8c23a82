"""What language models were asked, told to programs."""

from __future__ import annotations

import pytest

from careline.intelligence.models import Call

pytestmark = pytest.mark.django_db


def test_calls_are_told_to_programs_a_page_at_a_time(program, boss):
    for n in range(3):
        Call.objects.create(purpose=f"draft{n}", model="small", prompt="0" * 64, verdict="answered")
    first = program(boss).get("language-model-calls?limit=2").json
    assert [one["purpose"] for one in first["items"]] == ["draft2", "draft1"]
    rest = program(boss).get(f"language-model-calls?limit=2&cursor={first['next']}").json
    assert [one["purpose"] for one in rest["items"]] == ["draft0"]
    assert rest["next"] is None
