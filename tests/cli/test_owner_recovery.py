"""The way back in from the server's own console."""

from __future__ import annotations

import re

from tests.house import PLAIN
from tests.live.firm import Firm


def test_who_sits_at_the_server_makes_an_owner(house):
    Firm(house)
    said = house.run("owner-recovery", "nia@harbor.example", "--name", "Nia Owner")
    assert said.returncode == 0, said.stderr
    link = re.search(r"http\S+/resets/[\w-]+", said.stdout)[0]
    page = PLAIN.get(link)
    assert (page.status_code, "Nia Owner" in page.text) == (200, True)
