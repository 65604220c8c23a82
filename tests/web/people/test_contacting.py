"""A customer is left alone for a while: set, read and lifted on their page, with what was decided meanwhile."""

from __future__ import annotations

from careline import contact
from careline.contact.models import Hold


def test_a_hold_is_set_with_its_reason_and_lifted_again(ada, bo, browser_of):
    browser, page = browser_of(bo), f"/customers/{ada.pk}"
    given = {"what": "hold", "reason": "A complaint is open", "until": "2999-01-01T09:00"}
    assert browser.post(f"{page}/change", given).status_code == 302
    held = Hold.objects.get()
    contact.decide(ada.pk, "conversation", "api", "k")
    html = browser.get(page).content.decode()
    assert "Not until" in html
    assert "A complaint is open" in html
    assert "Beginning a conversation" in html
    assert "This person is not to be contacted for now." in html
    browser.post(f"{page}/change", {"what": "release", "hold": held.pk})
    html = browser.get(page).content.decode()
    assert "Nobody has asked to leave them alone." in html
    assert "This person is not to be contacted for now." in html, "the log stays"


def test_what_cannot_be_held_is_said_beside_the_form(ada, bo, browser_of):
    browser, change = browser_of(bo), f"/customers/{ada.pk}/change"
    for wrong, told in (
        ({"reason": " "}, "must not be empty"), ({"reason": "Late", "until": "2020-01-01T09:00"}, "must end in the"),
        ({"reason": "Late", "until": "soon"}, "Say when"),
    ):  # fmt: skip
        answer = browser.post(change, {"what": "hold", **wrong})
        assert answer.status_code == 422
        assert told in answer.content.decode()
    assert not Hold.objects.exists()


def test_who_may_only_look_sees_it_and_changes_nothing(ada, bo, hire, browser_of):
    held = contact.hold(ada.pk, "Asked for silence", actor=bo)
    browser = browser_of(hire("Ana Lyst", role="analyst").as_actor())
    html = browser.get(f"/customers/{ada.pk}").content.decode()
    assert "Asked for silence" in html
    assert 'value="release"' not in html
    assert browser.post(f"/customers/{ada.pk}/change", {"what": "release", "hold": held.pk}).status_code == 403
