"""Export, erasure and retention for programs."""

from __future__ import annotations

import pytest

from careline.privacy.models import Cleansing


@pytest.fixture
def owner(boss, program):
    return program(boss)


def test_everything_of_a_customer_is_given_out(owner, bos, ada, conversation):
    given = owner.get(f"customers/{ada.pk}/export")
    assert given.status == 200
    assert given.json["customer_id"] == str(ada.pk)
    assert given.json["rows"]["customers.Person"][0]["name"] == "Ada Moreau"
    assert "My order is late" in str(given.json["rows"]["conversations.Message"])
    assert bos.get(f"customers/{ada.pk}/export").status == 403


def test_a_customer_is_erased_and_the_disk_follows(owner, bos, ada, conversation):
    assert owner.get(f"customers/{ada.pk}/erasure").status == 404
    assert bos.put(f"customers/{ada.pk}/erasure", {}).status == 403
    done = owner.put(f"customers/{ada.pk}/erasure", {})
    assert (done.status, done.json["clean_at"], done.json["now"]) == (200, None, False)
    assert done.json["rows"]["customers.Identity"] == 2
    assert done.json["erased_at"] < done.json["clean_by"]
    assert owner.get(f"customers/{ada.pk}/erasure").json == done.json | {"rows": {}}
    assert owner.get(f"customers/{ada.pk}/export").status == 409
    assert owner.get(f"customers/{ada.pk}").json["name"] == ""
    # Again: what came in since, and right away.
    again = owner.put(f"customers/{ada.pk}/erasure", {"now": True})
    assert (again.status, again.json["now"]) == (200, True)
    Cleansing.objects.update(clean_at="2030-01-01T00:00:00Z", left=["elsewhere"])
    clean = owner.get(f"customers/{ada.pk}/erasure").json
    assert (clean["clean_at"], clean["left"]) == ("2030-01-01T00:00:00Z", ["elsewhere"])


def test_an_answer_that_quotes_the_erased_is_not_given_again(owner, bos):
    made = bos.post("customers", {"name": "Lin", "email": "lin@example.com"}, idempotency_key="k-1")
    assert bos.post("customers", {"name": "Lin", "email": "lin@example.com"}, idempotency_key="k-1").json == made.json
    kept = bos.post("customers", {"name": "Noor", "email": "noor@example.com"}, idempotency_key="k-2")
    assert owner.put(f"customers/{made.json['id']}/erasure", {}).status == 200
    again = bos.post("customers", {"name": "Lin", "email": "lin@example.com"}, idempotency_key="k-1")
    assert again.status == 409
    assert "carried out" in again.json["detail"]
    assert bos.post("customers", {"name": "Noor", "email": "noor@example.com"}, idempotency_key="k-2").json == kept.json


def test_periods_are_read_previewed_and_set(owner, bos, ada):
    kinds = {one["kind"]: one for one in owner.get("retention").json["items"]}
    assert kinds["raw"] == {"kind": "raw", "days": 30, "least": 1, "usual": 30}
    assert kinds["pages"]["days"] is None
    looked = owner.get("retention/audit?days=30").json
    assert (looked["days"], looked["would_go"]["rows"]) == (30, 0)
    assert owner.get("retention/pages").json["would_go"] is None
    assert owner.put("retention/pages", {"days": 90}).json["days"] == 90
    assert owner.get("retention/pages").json["would_go"] == {"rows": 0, "people": 0, "oldest": None, "bytes": 0}
    assert owner.put("retention/pages", {"days": None}).json["days"] is None
    assert owner.put("retention/keys", {"days": 10}).status == 422
    assert owner.get("retention/pages?days=x").status == 422
    assert owner.get("retention/pages?days=2").status == 422
    for path in ("retention/nothing", "retention/nothing?days=40"):
        assert owner.get(path).status == 404
    assert (bos.get("retention").status, bos.put("retention/pages", {"days": 90}).status) == (403, 403)
