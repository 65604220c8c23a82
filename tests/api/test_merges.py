"""Joining customers through the API, taking it back, and those who may be one."""

from __future__ import annotations

import pytest

from careline.customers import actions
from careline.customers.models import Person, Suggestion


@pytest.fixture
def lin(bos, organization) -> str:
    return bos.post("customers", {"name": "Lin", "email": "lin@example.com"}).json["id"]


def test_a_merged_id_answers_the_customer_who_stands_for_both(bos, bo, ada, lin):
    before = bos.get(f"customers/{ada.pk}").json, bos.get(f"customers/{lin}").json
    made = bos.post(f"customers/{ada.pk}/merges", {"other_id": lin})
    assert (made.status, made.json["kept_id"], made.json["joined_id"]) == (201, str(ada.pk), lin)
    whole = bos.get(f"customers/{lin}").json
    assert made.json["customer"] == whole == bos.get(f"customers/{ada.pk}").json
    assert (whole["id"], whole["merged_from"], whole["name"]) == (str(ada.pk), [lin], "Ada Moreau")
    assert [one["value"] for one in whole["identities"]] == ["ada@example.com", "+442071838750", "lin@example.com"]
    for q in ("Lin", "lin@example.com", "moreau"):
        assert [one["id"] for one in bos.get(f"customers?q={q}").json["items"]] == [str(ada.pk)]
    kinds = [one["kind"] for one in bos.get(f"customers/{lin}/touchpoints").json["items"]]
    assert kinds == ["customer.merged", "customer.identified"]
    [listed] = bos.get(f"customers/{lin}/merges").json["items"]
    assert listed == {name: value for name, value in made.json.items() if name != "customer"}
    split = bos.delete(f"customers/{lin}/merges/{made.json['id']}")
    assert (split.status, split.json) == (200, before[1])
    assert (bos.get(f"customers/{ada.pk}").json, bos.get(f"customers/{lin}").json) == before
    assert bos.get(f"customers/{ada.pk}/merges").json["items"] == []


def test_the_conversations_of_both_are_found_by_either(bos, ada, lin, conversation, inbox):
    other = bos.post(
        "conversations", {"inbox_id": str(inbox.pk), "body": "Hm", "customer": {"email": "lin@example.com"}}
    )
    bos.post(f"customers/{lin}/merges", {"other_id": str(ada.pk)})
    for one in (lin, ada.pk):
        found = bos.get(f"conversations?customer_id={one}").json["items"]
        assert {each["id"] for each in found} == {str(conversation.pk), other.json["id"]}
        assert {each["customer"]["name"] for each in found} == {"Lin"}


@pytest.mark.parametrize("other", ["{ada}", "999999", "x", ""])
def test_what_cannot_be_joined_is_told_in_words(bos, ada, other):
    answer = bos.post(f"customers/{ada.pk}/merges", {"other_id": other.format(ada=ada.pk)})
    assert answer.told[0] == (409 if "ada" in other else 404)


def test_a_merge_is_taken_back_once_and_by_its_customer_alone(bos, ada, lin):
    twin = bos.post("customers", {"name": "Twin"}).json["id"]
    merge = bos.post(f"customers/{ada.pk}/merges", {"other_id": lin}).json["id"]
    assert bos.delete(f"customers/{twin}/merges/{merge}").told[0] == 404
    assert bos.delete(f"customers/{ada.pk}/merges/{merge}").status == 200
    assert bos.delete(f"customers/{ada.pk}/merges/{merge}").told[0] == 409


def test_a_file_for_the_one_may_go_to_the_other_once_they_are_one(bos, ada, lin, conversation):
    upload = (
        f'--b\r\nContent-Disposition: form-data; name="customer_id"\r\n\r\n{lin}\r\n'
        '--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nhello\r\n--b--\r\n'
    ).encode()
    file = bos.ask("POST", "files", raw=upload, content_type="multipart/form-data; boundary=b").json["id"]
    said = {"body": "See this", "attachments": [file]}
    assert bos.post(f"conversations/{conversation.pk}/messages", said).told[0] == 404
    bos.post(f"customers/{ada.pk}/merges", {"other_id": lin})
    assert bos.post(f"conversations/{conversation.pk}/messages", said).status == 201


def test_suggestions_are_listed_with_their_evidence_and_settled(bos, bo, organization):
    people = [Person.objects.create(name=f"Lin {n}") for n in range(6)]
    pairs = [
        Suggestion.objects.create(one=people[n], other=people[n + 1], evidence=["phone", "name"]) for n in (0, 2, 4)
    ]
    page = bos.get("suggestions?limit=2").json
    rest = bos.get(f"suggestions?limit=2&cursor={page['next']}").json
    assert [one["id"] for one in [*page["items"], *rest["items"]]] == [str(one.pk) for one in reversed(pairs)]
    first = page["items"][0]
    assert (first["evidence"], first["state"]) == (["phone", "name"], "open")
    assert [one["name"] for one in first["customers"]] == ["Lin 4", "Lin 5"]
    settled = bos.put(f"suggestions/{first['id']}/dismissal")
    assert (settled.status, settled.json["state"]) == (200, "dismissed")
    assert bos.put(f"suggestions/{first['id']}/dismissal").told[0] == 409
    actions.merge(people[0].pk, people[1].pk, actor=bo)
    assert [one["id"] for one in bos.get("suggestions").json["items"]] == [str(pairs[1].pk)]
    assert bos.get("suggestions?cursor=silly").told[0] == 422
