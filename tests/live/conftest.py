"""The firm behind the sockets."""

from __future__ import annotations

import pytest

from tests.house import House
from tests.live.firm import Chat, Firm


@pytest.fixture(scope="module")
def firm(house: House) -> Firm:
    return Firm(house)


@pytest.fixture
def chat(firm: Firm) -> Chat:
    return firm.chat()
