"""Law: every model either gives out and erases what it holds of a person, or says why it holds nothing."""

from __future__ import annotations

import json

import pytest
from django.apps import apps

from careline.kit import personal

# Tables of the framework that nothing in the house writes a person into, and the job queue, which carries ids only.
FRAMEWORK = {"auth", "contenttypes", "procrastinate"}
MODELS = sorted(model._meta.label for model in apps.get_models() if model._meta.app_label not in FRAMEWORK)
REGISTERED = sorted(personal.registered())
SECRETS = ("Moreau", "ada@example.com", "Ada@Example.com", "+442071838750", "020 7183 8750", "My order is late")


@pytest.mark.parametrize("label", MODELS)
def test_a_model_is_registered_or_says_why_not(label: str):
    if label not in personal.registered() and not personal.exempted().get(label):
        pytest.fail(f"{label} is not in the register of personal data: call personal.register or personal.exempt.")


def test_the_register_names_no_model_that_is_gone():
    assert set(REGISTERED) | set(personal.exempted()) <= set(MODELS)


@pytest.mark.parametrize("label", REGISTERED)
def test_a_person_nobody_wrote_about_exports_nothing(label: str, db):
    assert personal.export(987654321).get(label, []) == []


def test_erasing_a_person_nobody_wrote_about_touches_nothing(db):
    assert not any(personal.erase(987654321).values())


def test_an_export_is_plain_json_and_holds_what_was_said(ada, conversation):
    exported = json.dumps(personal.export(ada.pk), ensure_ascii=False)
    for secret in ("Ada Moreau", "ada@example.com", "My order is late"):
        assert secret in exported


def test_an_erased_person_is_gone_from_every_table(ada, conversation, everything_stored):
    before = everything_stored()
    assert all(secret in before for secret in SECRETS)
    personal.erase(ada.pk)
    after = everything_stored()
    assert [secret for secret in SECRETS if secret in after] == []


def test_erasing_twice_is_erasing_once(ada, conversation):
    personal.erase(ada.pk)
    exported = personal.export(ada.pk)
    personal.erase(ada.pk)
    assert personal.export(ada.pk) == exported
