"""What a running house writes down of requests that are full of somebody."""

from __future__ import annotations

import json
import re
import time
from typing import Any

import httpx

from tests.house import House
from tests.ops.test_logs import PERSONAL

EMAIL = "zelda.quux@private.example"
SECRETS = [*PERSONAL, EMAIL, "Quux", "zelda", "opensesame", "s3cr3t-t0ken", "5550123"]


def test_nobodys_words_reach_the_log(house: House):
    before = house.log.stat().st_size
    with httpx.Client(base_url=house.url, timeout=60) as client:
        client.get("/", params={"q": f"Zelda Quux {EMAIL}"})
        client.get(f"/customers/{EMAIL}")
        client.get("/s/s3cr3t-t0ken?name=Quux")
        client.get("/sign-in", headers={"Referer": f"https://shop.example/?mail={EMAIL}", "User-Agent": "zelda"})
        client.post("/sign-in", data={"email": EMAIL, "password": "opensesame"})
        client.post("/api/v1/conversations", json={"body": EMAIL}, headers={"Authorization": "Bearer s3cr3t-t0ken"})
        client.get("/api/v1/customers", params={"q": "+15550123"}, headers={"Authorization": "Bearer s3cr3t-t0ken"})
        client.post("/channels/api/s3cr3t-t0ken", content=b'{"from": "zelda"')
        client.post("/api/v1/conversations", content=b"\xff\xfe" + EMAIL.encode())
        client.request("ZELDA", "/inbox")
        client.get("/", headers={"Host": EMAIL.partition("@")[2]})
    deadline = time.monotonic() + 60
    requests: list[Any] = []
    # An answer may be here before its line is written.
    while len(requests) < 10 and time.monotonic() < deadline:
        time.sleep(0.05)
        with house.log.open() as log:
            log.seek(before)
            told = log.read().rpartition("\n")[0]
        lines = [json.loads(line) for line in told.splitlines() if line.startswith("{")]
        requests = [line for line in lines if line["where"] == "careline.requests"]
    assert len(requests) >= 10
    assert {line["route"] for line in lines if "route" in line} >= {"/sign-in", "/api/v1/conversations"}
    # The number of a request is drawn, and may spell anything.
    told = re.sub(r'"request":"[0-9a-f]+"', "", told)
    found = [word for word in SECRETS if word.casefold() in told.casefold()]
    assert found == [], told
    assert "private.example" not in told
