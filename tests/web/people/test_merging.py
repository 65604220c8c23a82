"""Two customers side by side, joined, and parted again, in a browser."""

from __future__ import annotations

import re

import pytest

from careline.customers import actions, queries
from careline.customers.models import Identity, Merge, Person, Suggestion
from careline.kit import text


@pytest.fixture
def lin(organization) -> Person:
    lin = Person.objects.create(name="Lin Okafor", search=text.fold("Lin Okafor"), attributes={"size": 39})
    Identity.objects.create(person=lin, kind="email", value="lin@example.com", original="Lin@Example.com")
    return lin


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_the_other_is_found_by_name_address_or_number_and_never_oneself(ada, lin, bo, browser_of):
    browser = browser_of(bo)
    for q in ("okafor", "lin@example.com"):
        page = browser.get(f"/customers/{ada.pk}/merge?q={q}").content.decode()
        assert f"/customers/{ada.pk}/merge?other={lin.pk}" in page
    assert f"other={ada.pk}" not in browser.get(f"/customers/{ada.pk}/merge?q=moreau").content.decode()
    number = browser.get(f"/customers/{lin.pk}/merge?q=020 7183 8750").content.decode()
    assert f"/customers/{lin.pk}/merge?other={ada.pk}" in number
    assert "Nobody else is found by that" in browser.get(f"/customers/{ada.pk}/merge?q=zzzz").content.decode()


def test_both_are_shown_with_what_they_have_and_either_may_stay(ada, lin, conversation, bo, browser_of):
    Person.objects.filter(pk=ada.pk).update(attributes={"size": 41})
    actions.block(lin.pk, actor=bo)
    actions.add_note(ada.pk, "Likes tea.", actor=bo)
    Suggestion.objects.create(one=ada, other=lin, evidence=["name"])
    browser = browser_of(bo)
    page = browser.get(f"/customers/{ada.pk}/merge?other={lin.pk}").content.decode()
    said = words(page)
    for shown in ("Ada@Example.com", "Lin@Example.com", "41", "39 the other’s is shown", "Notes 1", "Conversations 1",
                  "One of them is blocked", "The same name, and addresses that belong together"):  # fmt: skip
        assert shown in said, shown
    assert said.index("Ada Moreau Stays, and stands for both") < said.index("Lin Okafor Is joined to it")
    assert f'name="keep" value="{ada.pk}"' in page
    swapped = browser.get(f"/customers/{ada.pk}/merge?other={lin.pk}&keep={lin.pk}").content.decode()
    assert "Lin Okafor Stays, and stands for both" in words(swapped)
    assert f'name="keep" value="{lin.pk}"' in swapped
    assert not Merge.objects.exists(), "looking joins nobody"


@pytest.mark.parametrize("keeps", ["ada", "lin"])
def test_joined_the_page_says_so_and_takes_it_back(ada, lin, conversation, bo, browser_of, keeps):
    browser, kept = browser_of(bo), {"ada": ada, "lin": lin}[keeps]
    answer = browser.post(f"/customers/{ada.pk}/merge", {"other": lin.pk, "keep": kept.pk})
    entry = Merge.objects.get()
    assert answer["Location"] == f"/customers/{kept.pk}?joined={entry.pk}"
    page = browser.get(answer["Location"]).content.decode()
    for shown in ("are one customer now", "Take it back", "Ada@Example.com", "Lin@Example.com", "My order is late"):
        assert shown in words(page), shown
    assert words(browser.get(f"/customers/{lin.pk}").content.decode()).count("Take it back") == 1
    back = browser.post(f"/customers/{kept.pk}/change", {"what": "split", "merge": entry.pk})
    assert back.status_code == 302
    assert {one.pk: queries.canonical(one.pk) for one in (ada, lin)} == {ada.pk: ada.pk, lin.pk: lin.pk}
    assert "Lin@Example.com" not in browser.get(f"/customers/{ada.pk}").content.decode()
    again = browser.post(f"/customers/{kept.pk}/change", {"what": "split", "merge": entry.pk})
    assert (again.status_code, "taken back already" in again.content.decode()) == (409, False)


@pytest.mark.parametrize(("other", "status"), [("{ada}", 409), ("999999", 404), ("²", 422), ("", 422), ("9" * 30, 422)])
def test_what_cannot_be_joined_is_said_on_the_page(ada, bo, browser_of, other, status):
    browser = browser_of(bo)
    answer = browser.post(f"/customers/{ada.pk}/merge", {"other": other.format(ada=ada.pk)})
    assert answer.status_code == status
    assert 'role="alert"' in answer.content.decode() or status == 404
    assert not Merge.objects.exists()


def test_the_desk_shows_the_whole_customer_beside_the_thread(ada, lin, conversation, bo, browser_of):
    actions.merge(lin.pk, ada.pk, actor=bo)
    page = browser_of(bo).get(f"/desk/{conversation.pk}").content.decode()
    for shown in ("Lin Okafor", "Lin@Example.com", "Ada@Example.com"):
        assert shown in page, shown
    assert f"/customers/{lin.pk}" in page


def test_suggestions_are_shown_looked_at_and_dismissed(ada, lin, bo, hire, browser_of):
    found = Suggestion.objects.create(one=ada, other=lin, evidence=["phone"])
    browser = browser_of(bo)
    assert 'href="/customers/suggestions"' in browser.get("/customers").content.decode()
    page = browser.get("/customers/suggestions").content.decode()
    for shown in ("Ada Moreau", "Lin Okafor", "The same number but for its country"):
        assert shown in page, shown
    assert f"/customers/{ada.pk}/merge?other={lin.pk}" in page
    looks = browser_of(hire("Nia Works", role="analyst").as_actor()).get("/customers/suggestions").content.decode()
    assert "Lin Okafor" in looks
    assert "dismissal" not in looks
    answer = browser.post(f"/customers/suggestions/{found.pk}/dismissal")
    assert answer["Location"] == "/customers/suggestions"
    assert "Nobody resembles anybody" in browser.get("/customers/suggestions").content.decode()
    assert "/customers/suggestions" not in browser.get("/customers").content.decode()
    assert browser.post(f"/customers/suggestions/{found.pk}/dismissal").status_code == 409
