"""Law 3: a window whose line is dropped at any moment ends with what a fresh load shows."""

from __future__ import annotations

import asyncio
import random

import pytest

from tests.live.sockets import PATIENCE, Desk, lines_of, rows_in, say, visit

DROPS = 15


def something(staff, rng, numbers, step):
    """One change of the kinds a day brings; a refusal (resolved already) is a change of nothing."""
    path = f"/desk/{rng.choice(numbers)}"
    match rng.randrange(9):
        case 0 | 1:
            staff.send(f"{path}/messages", kind="reply", body=f"Reply {step}", client_id=f"r{step}")
        case 2:
            staff.send(f"{path}/messages", kind="note", body=f"Note {step}", client_id=f"n{step}")
        case 3:
            staff.send(f"{path}/closure", method=rng.choice(("PUT", "DELETE")))
        case 4:
            staff.send(f"{path}/assignment", method="PUT", agent=rng.choice(("me", "")))
        case 5:
            staff.send(f"{path}/snooze", method="PUT", **{"for": "hour"})
        case 6:
            staff.send(f"{path}/tags", method="PUT", tags=f"tag-{step}")
        case 7:
            staff.send(f"{path}/priority", method="PUT", priority=str(rng.randrange(5)))
        case 8:
            # Leaves no moment on the line, and still takes the mark of the unread away.
            staff.send(f"{path}/seen", seq="100000")


async def same(window: Desk, staff) -> None:
    """Until the window shows what a fresh load shows, or not."""
    for _turn in range(int(10 * PATIENCE)):
        fresh = await asyncio.to_thread(lambda: staff.browser.get("/desk/rows?view=all&limit=200").text)
        rows = [html for _at, html in sorted(rows_in(fresh).values(), reverse=True)]
        lines = await asyncio.to_thread(lines_of, staff, window.watched)
        if (window.shown(), window.lines) == (rows, lines):
            return
        await asyncio.sleep(0.1)
    assert window.shown() == rows
    assert window.lines == lines


@pytest.mark.parametrize("seed", [3, pytest.param(4, marks=pytest.mark.long), pytest.param(5, marks=pytest.mark.long)])
async def test_a_window_dropped_at_random_moments_shows_what_a_fresh_load_shows(firm, chat, seed):
    rng = random.Random(seed)
    bo = await asyncio.to_thread(lambda: firm.hire("Bo Lindgren", chats=(chat,)))
    worker = await asyncio.to_thread(lambda: firm.hire("Tove Ahl", chats=(chat,)))
    visitor = await visit(firm.house, chat.key)
    first = (await say(visitor, "The first words", "0"))["conversation"]
    others = [(await asyncio.to_thread(firm.written, chat, f"Matter {n}"))["id"] for n in range(5)]
    window, steady = Desk(bo), Desk(bo)
    for one in (window, steady):
        one.open(first)
        await one.connect()
    step = 0
    for drop in range(DROPS):
        for _change in range(rng.randrange(1, 5)):
            step += 1
            await asyncio.to_thread(something, worker, rng, [first, *others], step)
            if rng.random() < 0.3:
                await say(visitor, f"More words {step}", f"v{step}")
            if rng.random() < 0.2:
                await asyncio.sleep(rng.random() / 20)
        if drop % 2:
            # Away while the world goes on.
            await window.drop()
            for _change in range(rng.randrange(0, 4)):
                step += 1
                await asyncio.to_thread(something, worker, rng, [first, *others], step)
        else:
            # Dropped while news is on its way.
            changing = asyncio.create_task(asyncio.to_thread(something, worker, rng, [first, *others], step + 1000))
            await asyncio.sleep(rng.random() / 50)
            await window.drop()
            await changing
        await window.connect()
    await same(steady, bo)
    await same(window, bo)
    assert window.trouble == []
    assert steady.trouble == []
    await visitor.leave()
    await window.drop()
    await steady.drop()


async def test_numbers_of_a_conversation_have_no_gap_and_no_repeat(firm, chat):
    made = await asyncio.to_thread(firm.written, chat, "Hello")
    window = Desk(firm.owner)
    window.open(made["id"])
    await window.connect()
    rng = random.Random(9)
    for step in range(12):
        await asyncio.to_thread(something, firm.owner, rng, [made["id"]], f"g{step}")
    answers = [
        asyncio.to_thread(
            firm.owner.api, "POST", f"conversations/{made['id']}/messages", {"body": f"At once {n}", "kind": "note"}
        )
        for n in range(4)
    ]
    await asyncio.gather(*answers)
    await asyncio.sleep(0.2)
    for _turn in range(int(10 * PATIENCE)):
        lines = await asyncio.to_thread(lines_of, firm.owner, made["id"])
        if window.lines == lines:
            break
        await asyncio.sleep(0.1)
    assert window.lines == lines
    assert sorted(lines) == list(range(1, len(lines) + 1))
    assert window.trouble == []
    await window.drop()
