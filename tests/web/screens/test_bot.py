"""A visitor asks three things of the demo company's bot; an agent sees what became of them and takes it over."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.house import House, own_database

pytestmark = [pytest.mark.browser, pytest.mark.long]


@pytest.fixture(scope="module")
def demo(tmp_path_factory, server_url, worker_name, template) -> Iterator[tuple[House, dict]]:
    for database_url in own_database(server_url, f"{worker_name}_bot", template):
        house = House(tmp_path_factory.mktemp("bot"), database_url)
        try:
            house.up()
            yield house, json.loads(house.run("demo", "--customers", "4", "--days", "3", "--json").stdout)
        finally:
            house.stop()


def test_three_questions_and_what_becomes_of_them(chromium, demo):
    house, told = demo
    key = next(one["key"] for one in told["inboxes"] if one["kind"] == "webchat")
    phone = chromium.new_context(viewport={"width": 390, "height": 844}, locale="en-GB", reduced_motion="reduce")
    trouble: list[str] = []
    page = phone.new_page()
    page.set_default_timeout(60_000)
    page.on("console", lambda said: trouble.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.goto(f"{house.url}/chat/{key}")
    expect(page.locator("#say-text")).to_be_enabled()
    person = page.locator("#chat-person")
    expect(person).to_be_hidden()
    # Something an article answers, with the article.
    page.fill("#say-text", "there is limescale in my kettle, how do I get rid of it?")
    page.press("#say-text", "Enter")
    answer = page.locator(".message.reply[data-bot]").first
    expect(answer).to_contain_text("citric acid")
    expect(answer.locator(".chip")).to_have_text("Bot")
    expect(answer.get_by_role("link", name="From: Descale a kettle")).to_have_attribute(
        "href", "/help/en/articles/descale-a-kettle"
    )
    expect(person).to_be_visible()
    # Something near two things: asked back, by buttons that a key presses.
    page.fill("#say-text", "there is something about my order I want to sort out")
    page.press("#say-text", "Enter")
    choice = page.get_by_role("group", name="Answers to choose from").last
    expect(choice.get_by_role("button")).to_have_count(3)
    page.fill("#say-text", "half a sen")
    choice.get_by_role("button", name="Where my order is").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".message.reply[data-bot]").nth(2)).to_contain_text("number of your order")
    expect(page.locator("#say-text")).to_have_value("half a sen")
    expect(page.locator("#say-text")).to_be_focused()
    page.fill("#say-text", "")
    # Nobody is left with a bot: one press, and the press is gone.
    person.get_by_role("button").click()
    expect(page.locator(".message.reply[data-bot=leaves]")).to_have_count(1)
    expect(person).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.reload()
    expect(page.locator(".message.reply[data-bot]")).to_have_count(4)
    expect(person).to_be_hidden()
    assert trouble == []
    _agent_takes_it(chromium, house, told)


def _at_desk(chromium, house, told):
    who = next(one for one in told["agents"] if one["role"] == "owner")
    desk = chromium.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB").new_page()
    desk.set_default_timeout(60_000)
    desk.goto(f"{house.url}/sign-in")
    desk.fill("[name=email]", who["email"])
    desk.fill("[name=password]", who["password"])
    desk.press("[name=password]", "Enter")
    desk.locator("#rows").wait_for()
    return desk


def _agent_takes_it(chromium, house, told):
    desk = _at_desk(chromium, house, told)
    desk.locator("[id^=conversation-]").first.click()
    note = desk.locator("#messages .message.note")
    expect(note).to_contain_text("The bot handed over: they asked for a person")
    expect(note).to_contain_text("limescale in my kettle")
    # By hours: given to the queue at once, or the bot keeps it until the house opens and somebody takes it before.
    if desk.locator("#take-over").count():
        desk.click("#take-over")
        expect(desk.locator("#take-over")).to_have_count(0)
    else:
        expect(desk.locator("#messages")).to_contain_text("The bot handed over")


def test_a_gap_becomes_an_article_that_answers_the_next_visitor(chromium, demo):
    house, told = demo
    key = next(one["key"] for one in told["inboxes"] if one["kind"] == "webchat")

    def asks(words):
        page = chromium.new_context(locale="en-GB", reduced_motion="reduce").new_page()
        page.set_default_timeout(60_000)
        page.goto(f"{house.url}/chat/{key}")
        expect(page.locator("#say-text")).to_be_enabled()
        page.fill("#say-text", words)
        page.press("#say-text", "Enter")
        return page.locator(".message.reply[data-bot]").first

    # Nothing answers it: a person is called, and the question stands among the gaps.
    expect(asks("do you engrave initials into wooden handles?")).to_contain_text("A person will help you")
    desk = _at_desk(chromium, house, told)
    asked = desk.locator("#rows li", has_text="A person will help you").first.get_by_role("link").first
    talk = asked.get_attribute("href")
    desk.goto(f"{house.url}/knowledge/gaps")
    gap = desk.locator("tr", has_text="engrave initials")
    expect(gap).to_contain_text("the bot was not sure")
    gap.get_by_role("link", name="Write it").click()
    expect(desk.get_by_label("How people ask for it")).to_have_value("do you engrave initials into wooden handles?")
    desk.get_by_label("Title").fill("Engraving")
    desk.get_by_label("Article", exact=True).fill(
        "We engrave up to three initials into wooden handles. It takes two days and costs nothing."
    )
    desk.get_by_role("button", name="Keep the draft").click()
    desk.locator("button[value=publish]").click()
    expect(desk.get_by_role("link", name="As readers see it")).to_be_visible()
    desk.goto(f"{house.url}/knowledge/gaps")
    expect(desk.get_by_role("heading", name="Looked for in vain")).to_be_visible()
    expect(desk.locator("tr", has_text="engrave initials")).to_have_count(0)
    # The next visitor, in words of their own, is answered by it.
    answer = asks("can you engrave my initials on a wooden handle?")
    expect(answer).to_contain_text("up to three initials")
    expect(answer.get_by_role("link", name="From: Engraving")).to_have_attribute("href", "/help/en/articles/engraving")
    # And whoever asked first by an agent, who puts it in by a key.
    desk.goto(f"{house.url}{talk}")
    expect(desk.locator(".suggestion").first).to_contain_text("Engraving")
    desk.focus("#reply-text")
    desk.keyboard.press("Tab")
    expect(desk.locator("#reply-text")).to_have_value(re.compile("three initials"))
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#messages .message.reply").last).to_contain_text("three initials")
