"""What Careline is for: a visitor writes, an agent sees it at once, answers, resolves, and the line keeps it all."""

from __future__ import annotations

import re
import time
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from careline.touchpoints.kinds import DERIVED

pytestmark = pytest.mark.browser

# The promise, in seconds; the quickest of a few counts, since other work of the machine only ever adds.
AT_ONCE = 1.0
FEW = 8
# Lines that a test can cut.
KEPT = """(() => { const Real = WebSocket; window.sockets = [];
  window.WebSocket = class extends Real { constructor(...of) { super(...of); window.sockets.push(this); } }; })()"""
MIDDLE = """(() => { const row = document.querySelector("#rows .row"), box = row.getBoundingClientRect();
  return [row.dataset.number, box.x + box.width / 2, box.y + box.height / 2]; })()"""
MOMENTS = ["page.viewed", "conversation.opened", "message.received", "message.sent", "conversation.resolved"]


@pytest.fixture
def bo(firm, chat):
    return firm.hire("Bo Lindgren", chats=(chat,))


@pytest.fixture
def desk(window, bo, house):
    """Bo's desk, its line open."""
    page = window(bo)
    with page.expect_websocket() as socket:
        page.goto(f"{house.url}/desk?view=all")
    socket.value.wait_for_event("framereceived")
    return page


@pytest.fixture
def visitor(window, house, chat):
    page = window()
    page.goto(f"{house.url}/chat/{chat.key}?utm_source=letter&utm_campaign=may")
    page.get_by_text("We answer here.").wait_for()
    return page


def write(page, words):
    page.fill("#say-text", words)
    page.press("#say-text", "Enter")


def answer(page, words):
    page.fill("#reply-text", words)
    page.press("#reply-text", "Control+Enter")


def test_the_first_conversation(desk, visitor, firm, bo):
    write(visitor, "Hello, my kettle came cracked. Order A-17.")
    desk.locator("#rows").get_by_text("my kettle came cracked").wait_for()

    desk.locator("#rows .row-door").first.click()
    answer(desk, "I am sorry. A new one leaves today.")
    visitor.locator("#messages").get_by_text("A new one leaves today").wait_for()
    write(visitor, "Thank you!")
    desk.locator("#messages").get_by_text("Thank you!").wait_for()

    desk.click("#resolve")
    desk.locator("#reopen").wait_for()
    desk.locator("#messages .event").last.get_by_text(re.compile("resolved", re.IGNORECASE)).wait_for()
    desk.locator("#rows .row").wait_for(state="detached")

    # Every moment stands on the customer's line: beside the reply box, on their page, and for programs.
    desk.locator("#pane .line-item, #pane li").first.wait_for()
    number = desk.locator("#thread").get_attribute("data-conversation")
    person = bo.api("GET", f"conversations/{number}")["customer"]["id"]
    line = bo.api("GET", f"customers/{person}/touchpoints")["items"]
    # What is told of them later, how the words felt, rules and segments among it, comes when it comes.
    told = [moment["kind"] for moment in reversed(line)]
    later = (*DERIVED, "conversation.ruled", "segment.entered", "segment.left")
    kinds = [kind for kind in told if kind not in later]
    assert kinds == [*MOMENTS[:4], "message.received", "conversation.resolved"]
    first = line[-1]
    assert first["facts"]["campaign"] == {"source": "letter", "name": "may"}
    desk.locator("#pane .line").get_by_text(re.compile("resolved", re.IGNORECASE)).first.wait_for()
    shown = desk.locator("#pane .line").inner_text()
    assert all(words in shown for words in ("Read a page", "my kettle came cracked", "3 messages", "resolved")), shown

    # What the window shows after all this is what a fresh load shows.
    words = desk.locator("#messages").inner_text()
    desk.reload()
    assert desk.locator("#messages").inner_text() == words


def test_what_is_written_is_on_the_other_side_at_once(desk, visitor):
    write(visitor, "Hello")
    desk.locator("#rows .row-door").first.click()
    desk.locator("#messages").get_by_text("Hello").wait_for()
    for says, here, there in ((write, visitor, desk), (answer, desk, visitor)):
        took = [FEW * AT_ONCE]
        while len(took) <= FEW and min(took) > AT_ONCE:
            words = f"{says.__name__} {len(took)}"
            begun = time.monotonic()
            says(here, words)
            there.locator("#messages").get_by_text(words).wait_for()
            took.append(time.monotonic() - begun)
        assert min(took) <= AT_ONCE, took


def test_the_visitor_finds_the_thread_again_after_a_reload_and_another_browser_does_not(
    desk, visitor, window, house, chat
):
    write(visitor, "I shall be back.")
    desk.locator("#rows .row-door").first.click()
    answer(desk, "We shall be here.")
    visitor.get_by_text("We shall be here.").wait_for()
    visitor.reload()
    visitor.get_by_text("We shall be here.").wait_for()
    assert visitor.locator("#messages .message").count() == 2
    other = window()
    other.goto(f"{house.url}/chat/{chat.key}")
    other.get_by_text("We answer here.").wait_for()
    assert other.locator("#messages .message").count() == 0


@pytest.mark.long
def test_a_greeting_by_name_is_put_before_the_reply_once(desk, firm, chat):
    firm.written(chat, "Where is my parcel?", name="Ada Moreau")
    desk.locator("#rows .row-door").first.click()
    desk.locator("#thread").wait_for()
    desk.fill("#reply-text", "It is on its way.")
    desk.locator("#rows .row-door").first.focus()
    for _press in range(2):
        desk.keyboard.press("g")
        expect(desk.locator("#reply-text")).to_have_value("Hello Ada Moreau,\n\nIt is on its way.")
        desk.keyboard.press("Escape")
    desk.reload()
    expect(desk.locator("#reply-text")).to_have_value("Hello Ada Moreau,\n\nIt is on its way.")


def test_a_note_is_never_in_the_chat(desk, visitor):
    write(visitor, "Hello")
    desk.locator("#rows .row-door").first.click()
    desk.locator("#reply-text").wait_for()
    desk.locator("#rows .row-door").first.focus()
    desk.keyboard.press("n")
    desk.locator("#reply.is-note").wait_for()
    answer(desk, "Careful with this one.")
    desk.locator("#messages .note").get_by_text("Careful with this one.").wait_for()
    desk.keyboard.press("Escape")
    desk.keyboard.press("r")
    answer(desk, "Good day!")
    visitor.get_by_text("Good day!").wait_for()
    visitor.reload()
    visitor.get_by_text("Good day!").wait_for()
    assert "Careful" not in visitor.content()


@pytest.mark.long
def test_a_draft_survives_a_reload_and_goes_with_its_sending(desk, visitor):
    write(visitor, "Hello")
    desk.locator("#rows .row-door").first.click()
    desk.fill("#reply-text", "Half a sen")
    desk.reload()
    assert desk.input_value("#reply-text") == "Half a sen"
    answer(desk, "Half a sentence, ended.")
    desk.locator("#messages").get_by_text("Half a sentence, ended.").wait_for()
    expect(desk.locator("#reply-text")).to_have_value("")
    desk.reload()
    assert desk.input_value("#reply-text") == ""
    assert desk.locator("#messages .reply").count() == 1


def test_what_was_written_without_a_line_is_sent_when_it_is_back(window, visitor, desk, bo):
    write(visitor, "First")
    desk.locator("#rows").get_by_text("First").wait_for()
    visitor.add_init_script(KEPT)
    visitor.reload()
    visitor.get_by_text("We answer here.").wait_for()
    visitor.evaluate("window.sockets.forEach((socket) => socket.close())")
    write(visitor, "Second")
    desk.locator("#rows").get_by_text("Second").wait_for()
    expect(visitor.locator(".is-waiting")).to_have_count(0)
    assert visitor.locator("#messages .message").count() == 2


def test_a_desk_whose_line_is_dropped_again_and_again_shows_what_a_fresh_load_shows(window, bo, visitor, house):
    desk = window(bo)
    desk.add_init_script(KEPT)
    with desk.expect_websocket() as socket:
        desk.goto(f"{house.url}/desk?view=all")
    socket.value.wait_for_event("framereceived")
    write(visitor, "Hello")
    desk.locator("#rows .row-door").first.click()
    desk.locator("#thread").wait_for()
    number = desk.locator("#thread").get_attribute("data-conversation")
    for turn in range(5):
        desk.evaluate("window.sockets.at(-1).close()")
        write(visitor, f"Words {turn}")
        bo.api("POST", f"conversations/{number}/messages", {"body": f"Reply {turn}", "kind": "reply"})
        if turn % 2:
            bo.api("POST", f"conversations/{number}/messages", {"body": f"Note {turn}", "kind": "note"})
        desk.wait_for_timeout(120 * turn)
    bo.api("PUT", f"conversations/{number}/closure")
    bo.api("DELETE", f"conversations/{number}/closure")
    desk.locator("#messages .event").nth(1).wait_for()
    expect(desk.locator("#offline")).to_be_hidden()
    # A fresh load, in a window beside it; what both still wait for comes to both.
    fresh = window(bo)
    fresh.goto(desk.url)
    fresh.locator("#thread").wait_for()
    parts = ("#rows", "#tabs", "#messages", "#thread-head", "#pane")
    for _turn in range(100):
        apart = [part for part in parts if picture(desk, part) != picture(fresh, part)]
        if not apart:
            break
        desk.wait_for_timeout(300)
        fresh.reload()
        fresh.locator("#thread").wait_for()
    for part in apart:
        assert picture(desk, part) == picture(fresh, part), part


@pytest.mark.long
def test_a_row_that_changes_while_it_is_pressed_is_opened_all_the_same(desk, visitor, bo):
    write(visitor, "Hello")
    desk.locator("#rows .row").first.wait_for()
    # In one look, since the row may be drawn anew between two.
    number, x, y = desk.evaluate(MIDDLE)
    desk.mouse.move(x, y)
    desk.mouse.down()
    bo.must(f"/desk/{number}/priority", method="PUT", priority="4")
    desk.wait_for_timeout(600)  # for the news of it
    desk.mouse.up()
    desk.locator(f"#thread[data-conversation='{number}']").wait_for()
    desk.locator(f"#conversation-{number} .chip.stop").wait_for()


@pytest.mark.long
def test_news_of_an_old_conversation_stands_on_its_own_page_of_the_list(window, bo, firm, chat, house):
    numbers = [firm.written(chat, f"Matter {n}")["id"] for n in range(53)]
    desk = window(bo)
    with desk.expect_websocket() as socket:
        desk.goto(f"{house.url}/desk?view=all")
    socket.value.wait_for_event("framereceived")
    first = desk.locator("#rows .row").evaluate_all("rows => rows.map((row) => row.dataset.number)")
    assert first == numbers[:2:-1]
    # On the page that is not here yet, and the last of this one: both are told of.
    for number in (numbers[0], numbers[3]):
        bo.must(f"/desk/{number}/priority", method="PUT", priority="4")
    desk.locator(f"#conversation-{numbers[3]} .chip.stop").wait_for()
    assert desk.locator("#rows .row").evaluate_all("rows => rows.map((row) => row.dataset.number)") == first
    desk.locator("#rows-older").scroll_into_view_if_needed()
    desk.locator(f"#conversation-{numbers[0]} .chip.stop").wait_for()
    assert desk.locator("#rows .row").evaluate_all("rows => rows.map((row) => row.dataset.number)") == numbers[::-1]


def picture(page, part):
    """What is drawn, without what only the moment of drawing decides."""
    html = page.locator(part).evaluate("one => one.outerHTML")
    html = re.sub(r' (title|aria-current|class)="[^"]*"', "", html)
    return re.sub(r"(<time[^>]*>)[^<]*", r"\1", re.sub(r">\s+<", "><", html)).strip()


def test_a_wrong_proof_is_told_in_the_chat_and_nothing_can_be_written(window, house, chat):
    page = window()
    brought = '{"identity":{"identifier":"customer-7","identifier_hash":"bad"}}'
    page.goto(f"{house.url}/chat/{chat.key}#{quote(brought)}")
    expect(page.locator("#chat-state")).to_have_text("The proof does not fit the visitor it names.")
    expect(page.locator("#say-text")).to_be_disabled()
    expect(page.locator("#say button")).to_be_disabled()


@pytest.mark.long
def test_words_edited_after_a_lost_answer_are_told_that_the_first_arrived(desk, visitor, window):
    write(visitor, "Hello")
    desk.locator("#rows .row-door").first.click()
    desk.locator("#reply-text").wait_for()

    def lose(route):
        route.fetch()
        route.fulfill(status=500, body="")

    desk.route("**/messages", lose, times=1)
    answer(desk, "first words")
    desk.locator("#messages .reply").get_by_text("first words").wait_for()
    desk.fill("#reply-text", "edited words")
    answer(desk, "edited words")
    desk.get_by_text("had arrived after all").wait_for()
    expect(desk.locator("#reply-text")).to_have_value("edited words")
    answer(desk, "edited words")
    desk.locator("#messages .reply").get_by_text("edited words").wait_for()
    expect(desk.locator("#reply-text")).to_have_value("")
    assert desk.locator("#messages .reply").count() == 2
    desk.trouble.clear()  # the lost answer and the refusal are errors to the browser
