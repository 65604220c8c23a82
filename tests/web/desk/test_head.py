"""The head of a thread is the same whether a whole page draws it or a script asks for it."""

from __future__ import annotations

import re

from careline.service.conversations import actions


def head(html: str) -> str:
    [found] = re.findall(r'<header class="thread-top".*?</header>', html, re.DOTALL)
    return found


def test_a_whole_page_and_a_fragment_draw_the_same_head(conversation, bo, cy, browser_of):
    browser, address = browser_of(bo), f"/desk/{conversation.pk}"
    actions.assign(conversation.pk, actor=cy, agent_id=bo.agent_id)
    whole = head(browser.get(address).content.decode())
    assert "Bo Lindgren (you)" in whole
    assert head(browser.get(address, headers={"HX-Request": "true"}).content.decode()) == whole
    answer = browser.put(f"{address}/assignment", f"agent={bo.agent_id}", headers={"HX-Request": "true"})
    assert answer.content.decode().split("#}")[-1].strip() == whole


def test_what_is_drawn_again_is_what_stands_there_now_and_only_the_open_row_is_marked(conversation, bo, browser_of):
    browser = browser_of(bo)
    actions.reply(conversation.pk, actor=bo, body="Words <b>as they are</b>")
    first = browser.get(f"/desk/{conversation.pk}?view=all").content.decode()
    assert first.count('aria-current="true" title') == 1
    assert "Words &lt;b&gt;as they are&lt;/b&gt;" in first
    assert 'aria-current="true" title' not in browser.get("/desk?view=all").content.decode()
    actions.reply(conversation.pk, actor=bo, body="Other words")
    row = re.search(r'<li id="conversation-.*?</li>', browser.get("/desk?view=all").content.decode(), re.DOTALL)
    assert row
    assert "Other words" in row[0]
    assert "as they are" not in row[0]
