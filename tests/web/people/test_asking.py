"""The list of customers narrowed by a form whose answer is an address, and a company's page with its parts."""

from __future__ import annotations

import pytest

from careline.customers import actions, queries
from careline.customers.models import Person


@pytest.fixture
def browser(ada, bo, boss, browser_of):
    for name, type, choices in (
        ("plan", "choice", ["gold"]), ("seats", "number", []), ("city", "text", []), ("vip", "boolean", []),
    ):  # fmt: skip
        actions.define_attribute(name, name.title(), type, choices, actor=boss)
    Person.objects.create(name="Cem", search="cem", attributes={"plan": "gold", "seats": 3, "city": "Oslo"})
    return browser_of(bo)


def test_what_the_form_asks_becomes_the_address(browser):
    sent = {
        "q": "ce", "pick.plan": "is:gold", "pick.seats": "", "from.seats": "2", "to.seats": "", "pick.city": "contains",
        "value.city": "os & lo", "pick.vip": "unset",
    }  # fmt: skip
    found = browser.get("/customers", sent)["Location"]
    assert found == (
        "/customers?q=ce&where=city%3Acontains%3Aos+%26+lo&where=plan%3Ais%3Agold"
        "&where=seats%3Afrom%3A2&where=vip%3Aunset"
    )
    assert browser.get("/customers", dict.fromkeys(sent, ""))["Location"] == "/customers"
    page = browser.get(found).content.decode()
    assert "Nobody of whom that is true" in page
    assert 'value="os &amp; lo"' in page


def test_the_list_shows_who_is_left_and_how_to_ask_less(browser):
    page = browser.get("/customers?where=seats:from:2&where=plan:set").content.decode()
    assert "Cem" in page
    assert "Ada Moreau" not in page
    assert 'href="/customers?where=plan%3Aset"' in page
    assert '<option value="set" selected>' in page
    assert '<input type="hidden" name="where" value="plan:set">' in page
    wrong = browser.get("/customers?where=seats:from:many")
    assert (wrong.status_code, "seats must be a number." in wrong.content.decode()) == (422, True)


def test_a_page_of_the_narrowed_list_leads_to_the_next(browser):
    Person.objects.bulk_create(Person(name=f"N{n}", attributes={"vip": True}) for n in range(60))
    first = browser.get("/customers?where=vip:is:yes").content.decode()
    older = first.split('href="/customers?where=vip%3Ais%3Ayes&amp;before=')[1].split('"')[0]
    rest = browser.get(f"/customers?where=vip:is:yes&before={older}").content.decode()
    assert (first.count('<li><a href="/customers/'), rest.count('<li><a href="/customers/')) == (50, 10)


def test_a_company_is_placed_on_its_page_and_shows_everybody_of_its_tree(ada, bo, browser_of):
    browser = browser_of(bo)
    group, part = (actions.make_company(name, actor=bo).company.pk for name in ("Group", "North"))
    actions.join_company(ada.pk, part, actor=bo)
    at = f"/customers/companies/{part}"
    assert browser.post(f"{at}/change", {"what": "place", "parent": "group"}).status_code == 302
    page = browser.get(at).content.decode()
    assert f'<a href="/customers/companies/{group}"><bdi>Group</bdi></a>' in page
    above = browser.get(f"/customers/companies/{group}").content.decode()
    assert f'href="/customers/companies/{part}"><bdi>North</bdi></a>' in above
    assert "Ada Moreau" not in above
    assert "Ada Moreau" in browser.get(f"/customers/companies/{group}?below=1").content.decode()
    refused = browser.post(f"/customers/companies/{group}/change", {"what": "place", "parent": "North"})
    assert refused.status_code == 422
    assert "part of itself" in refused.content.decode()
    browser.post(f"{at}/change", {"what": "place", "parent": ""})
    assert queries.company(bo, part).parent is None
