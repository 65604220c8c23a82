"""Attributes, origins and consent by the API."""

from __future__ import annotations


def test_an_attribute_is_defined_and_its_values_say_where_they_came_from(program, boss, bo, ada):
    house, knocking = program(boss), program(bo)
    assert house.put("attributes/plan", {"label": "Plan", "type": "choice", "choices": ["gold"]}).status == 200
    assert knocking.put("attributes/plan", {"label": "Plan", "type": "text"}).told[0] == 403
    assert knocking.get("attributes").json["items"][0]["choices"] == ["gold"]
    knocking.patch(f"customers/{ada.pk}", {"attributes": {"plan": "gold"}})
    found = {one["field"]: one for one in knocking.get(f"customers/{ada.pk}/provenance").json["items"]}
    assert found["attribute:plan"]["value"] == "gold"
    assert found["attribute:plan"]["source"].startswith("token:")
    assert found["attribute:plan"]["customer_id"] == str(ada.pk)
    assert found["name"]["source"] is None
    assert house.delete("attributes/plan").json["items"] == []
    assert house.delete("attributes/plan").told[0] == 404


def test_consent_is_said_and_taken_back(program, bo, ada):
    knocking = program(bo)
    at = f"customers/{ada.pk}/consents"
    assert knocking.put(f"{at}/newsletter", {"given": True}).json["items"][0]["given"] is True
    assert knocking.put(f"{at}/newsletter", {"given": False}).json["items"][0]["given"] is False
    assert knocking.get(at).json["items"][0]["purpose"] == "newsletter"
    assert knocking.put(f"{at}/No", {"given": True}).told[0] == 422
    assert knocking.get("customers/999999/consents").told[0] == 404


def test_kinds_of_message_and_the_link_by_which_a_customer_chooses(program, boss, bo, ada, hire):
    house, knocking = program(boss), program(bo)
    assert knocking.put("purposes/newsletter", {"label": "Our letter"}).told[0] == 403
    made = house.put("purposes/newsletter", {"label": "Our letter", "about": "Once a month."})
    begun = {"name": "surveys", "label": "Surveys", "about": "A few questions about how it went."}
    assert made.json["items"] == [{"name": "newsletter", "label": "Our letter", "about": "Once a month."}, begun]
    assert house.delete("purposes/surveys").told[0] == 409
    assert knocking.get("purposes").json == made.json
    assert house.put("purposes/any", {"label": "All"}).told[0] == 422
    link = knocking.get(f"customers/{ada.pk}/opt-out?purpose=newsletter").json
    assert link["headers"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link["headers"]["List-Unsubscribe"].startswith("<http")
    assert "/o/" in link["url"]
    assert knocking.get(f"customers/{ada.pk}/opt-out?purpose=No").told[0] == 422
    assert knocking.get("customers/999999/opt-out").told[0] == 404
    # Whoever has it speaks as the customer, so looking at customers is not enough.
    assert program(hire("Nia Works", role="analyst").as_actor()).get(f"customers/{ada.pk}/opt-out").told[0] == 403
    assert house.delete("purposes/newsletter").json["items"] == [begun]
    assert house.delete("purposes/newsletter").told[0] == 404
