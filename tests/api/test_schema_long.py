"""The OpenAPI document against the code, however long one asks; left alone where the long tests are not wanted, since
drawing the requests alone takes seconds."""

from __future__ import annotations

import pytest
from hypothesis import settings

from tests.api.test_schema import QUICK, drawn, held, known, one_connection

__all__ = ["known", "one_connection"]
schema = drawn()
THOROUGH = settings(QUICK, max_examples=400, derandomize=False)


@pytest.mark.long
@schema.parametrize()
@THOROUGH
def test_every_answer_is_one_the_document_names(case, known, bos):  # the fixture by its name
    held(case, known, bos)
