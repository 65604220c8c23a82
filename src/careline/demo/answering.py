"""The company's bot in the chat: what customers want in their own words, and two flows that answer it."""

from __future__ import annotations

from importlib.resources import files

from careline.demo.company import Company
from careline.service.assist import saving
from careline.service.bots import actions, answering
from careline.service.bots.answering import Settings
from careline.service.bots.core.state import Answered, Happening, Heard
from careline.service.intents import actions as intents
from careline.service.intents import learning

# Code, name, how people say it.
INTENTS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("order_status", "Where my order is", (
        "Where is my order?", "When will my parcel arrive?", "Has my order been sent yet?", "Track my parcel",
        "My package has not come yet", "What is the status of my order?", "I am still waiting for my delivery",
        "Can you check where my parcel is?", "How long until my order gets here?", "My order should be here by now",
        "Is my order on its way?", "I want to follow my shipment", "Did you ship my order?",
    )),
    ("returns", "Send something back", (
        "I want to return my pan", "How do I send an item back?", "I need a return label",
        "Can I return what I bought?",
        "It does not fit, I would like to return it", "I want to give this back",
        "How can I get a refund for my order?",
        "I changed my mind and want my money back", "Where do I send a return?", "The kettle is wrong, take it back",
        "Can I exchange it for another color?", "Start a return please",
    )),
    ("order_change", "Change or cancel an order", (
        "I want to cancel my order", "Change the address of my order", "I ordered the wrong size",
        "Can I still change my order?", "Please cancel what I just ordered", "I typed the wrong street in my order",
        "Add one more pan to my order", "Can you stop my order before it leaves?", "I need to edit my order",
        "Remove an item from my order",
    )),
    ("warranty", "Warranty", (
        "How long is the warranty?", "Is my kettle still under guarantee?", "Do you give a warranty on pans?",
        "Does the guarantee cover a loose handle?", "I want to use my warranty", "What does the warranty cover?",
        "My warranty has run out", "Where do I find the guarantee card?",
    )),
    ("opening_hours", "When we are open", (
        "When are you open?", "What are your opening hours?", "Are you open on Saturday?", "Until when can I call you?",
        "Do you work on Sundays?", "At what time do you close?", "Is the shop open today?", "When can I reach you?",
    )),
)  # fmt: skip
INDONESIAN: dict[str, tuple[str, ...]] = {
    "order_status": (
        "Di mana pesanan saya?", "Kapan paket saya sampai?", "Apakah pesanan saya sudah dikirim?", "Lacak paket saya",
        "Pesanan saya belum datang", "Berapa lama lagi pesanan saya tiba?",
    ),
    "returns": (
        "Saya mau mengembalikan barang", "Bagaimana cara retur?", "Minta label pengembalian", "Bisa tukar barang?",
        "Saya ingin uang saya kembali", "Barangnya tidak cocok, mau saya kembalikan",
    ),
}  # fmt: skip
# Replies that are said again and again.
SAVED: tuple[tuple[str, str], ...] = (
    ("An order that is late", (
        "Hello {customer}, I am sorry that your order is late. I have asked the carrier where it is and write to you as"
        " soon as they answer.\n\n{agent}, Harbor & Hearth"
    )),
    ("A photo of what is broken", (
        "Hello {customer}, I am sorry that it arrived like this. Please send a photo of it and of the box, and we see"
        " at once how to put it right.\n\n{agent}, Harbor & Hearth"
    )),
    ("How to send something back", (
        "Hello {customer}, you have 30 days to send anything back that you have not used. The label comes to you by"
        " mail; pack it so that nothing can break, and hand it in at any shop of the carrier."
        "\n\n{agent}, Harbor & Hearth"
    )),
)  # fmt: skip
_LOOKED: dict[str, str | int | float | bool] = {
    "status": "delivered", "placed_on": "2026-03-02", "delivered_on": "2026-03-05", "carrier": "Northway",
}  # fmt: skip
# The talks each flow is rehearsed by.
REHEARSALS: dict[str, dict[str, list[Happening]]] = {
    "order_status": {
        "Delivered": [Heard("HH-10001"), Answered(_LOOKED), Heard("yes, thank you")],
        "On its way, by address": [
            Heard("HH-10002"), Answered(failed=True), Heard("ada@example.com"),
            Answered({**_LOOKED, "status": "placed"}), Heard("2"),
        ],
        "Nobody we know": [Heard("HH-1"), Answered(failed=True), Heard("nobody@example.com"), Answered(failed=True)],
        "A person": [Heard("I want to talk to a person")],
    },
    "returns": {
        "Broken": [Heard("1"), Heard("HH-10001"), Heard("ada@example.com")],
        "Changed their mind": [Heard("I changed my mind"), Heard("HH-10001"), Heard("ada@example.com")],
    },
}  # fmt: skip


def begin(house: Company) -> None:
    """Written, rehearsed, published and switched on by the owner; the intents learn at once."""
    boss = house.owner
    for code, name, said in INTENTS:
        intents.keep(code, name, actor=boss)
        intents.phrase(code, said, actor=boss, language="en")
    for code, said in INDONESIAN.items():
        intents.phrase(code, said, actor=boss, language="id")
    learning.fit_due()
    for name, body in SAVED:
        saving.keep(name, body, language="en", actor=boss)
    flows = []
    for name, talks in REHEARSALS.items():
        written = files("careline.demo").joinpath(f"flows/{name}.toml").read_text(encoding="utf-8")
        bot = actions.keep(written, actor=boss)
        for talk, events in talks.items():
            actions.rehearse(bot.pk, talk, events, actor=boss)
        actions.publish(bot.pk, actor=boss)
        flows.append(bot.pk)
    answering.answer(house.chat, Settings(is_on=True, flows=flows, name="Harbor bot"), actor=boss)
