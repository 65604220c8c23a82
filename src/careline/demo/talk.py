"""What is said in the demo company: by matter, by temper, by language; written for it, taken from nobody."""

from __future__ import annotations

import random

import msgspec


class Script(msgspec.Struct, frozen=True):
    """One matter: how it opens in each temper, what we answer, what comes back, how it ends."""

    subject: str
    opens: dict[str, str]
    answers: tuple[str, ...]
    further: tuple[str, ...]
    closes: tuple[str, ...]
    notes: tuple[str, ...] = ()


LATE = Script(
    subject="Where is order {order}?",
    opens={
        "friendly": "Hi there, my order {order} was promised for {promised} and the parcel page has not moved since. Any news?",
        "terse": "Order {order}. Promised {promised}. Not here.",
        "worried": "I am getting nervous about {order}. It is a present for Sunday and the tracking still says «label created».",
        "angry": "Third time I look at the tracking of {order} today. Nothing. You took my money within a second.",
        "thorough": "Order {order}, paid on the day, promised for {promised}. {carrier} shows no scan since the depot. Please tell me where it is, and what you will do if it is lost.",
    },
    answers=(
        "Hello {first}, I see it: {carrier} has held {order} at their depot. I have asked them for a scan and write to you today, whatever they say.",
        "Sorry, {first}. {order} is with {carrier} and late. If it does not move by tomorrow noon I send a second one at our cost.",
        "I have {order} in front of me, {first}. {carrier} missed their own date. I am on the phone with them now.",
    ),
    further=(
        "That is what the parcel page says as well. When will it be here?",
        "I had to ask twice already. Can one person keep this until it is settled?",
        "Thank you for looking. Please write even when there is nothing new.",
    ),
    closes=(
        "It arrived today. Thanks for staying with it.",
        "Here at last.",
        "Arrived, but this was hard work for a pan.",
    ),
    notes=("Same depot as the others this week. Asked the carrier for a list.", "Promised an answer by tomorrow noon."),
)
BROKEN = Script(
    subject="Arrived broken: {item}",
    opens={
        "friendly": "Hello! The {item} came today, sadly with a crack along the side. Photo follows if you need one.",
        "terse": "{item} arrived cracked. Replacement please.",
        "worried": "There is a crack in the {item}. Is it still safe to use, or should I not?",
        "angry": "The {item} was broken when I opened the box. Who packs these?",
        "thorough": "The {item} of order {order} has a crack of about 4 cm below the rim. The outer box is undamaged, so it must have been packed that way.",
    },
    answers=(
        "That should not happen, {first}. Please do not use it. A new {item} leaves today; keep or bin the broken one.",
        "Sorry about that, {first}. I have put a replacement on its way under the same order number.",
    ),
    further=("Do I need to send the old one back?", "Will it be packed differently this time?"),
    closes=("The new one is here and whole. Thank you.", "All good now.", "Quick and easy, thanks."),
    notes=("Second cracked one from this batch; told the warehouse.",),
)
ADDRESS = Script(
    subject="Another address for {order}",
    opens={
        "friendly": "Hi, I have moved and forgot to change the address for {order}. Can it still be changed?",
        "terse": "New address for {order}. Can you change it?",
        "worried": "I think {order} is going to my old flat. Is it too late?",
        "angry": "Your page would not let me change the address of {order}. Why?",
        "thorough": "Please send {order} to the address now stored in my account, not to the one I ordered with.",
    },
    answers=(
        "Done, {first}: {order} goes to the new address.",
        "Just in time, {first}. It is changed, and nothing else moves.",
    ),
    further=("Perfect. Does the day stay the same?",),
    closes=("Great, thank you!", "Thanks, that was fast."),
)
QUESTION = Script(
    subject="Does the {item} work on induction?",
    opens={
        "friendly": "Hello, quick one before I order: does the {item} work on induction?",
        "terse": "{item}: induction, yes or no?",
        "worried": "I would not like to scratch my new hob. Is the {item} fine on glass?",
        "angry": "Nowhere on the page does it say whether the {item} works on induction.",
        "thorough": "Two questions on the {item}: does it work on induction, and may the handle go into an oven at 200 degrees?",
    },
    answers=(
        "It does, {first}, on every kind of hob, and the handle takes 220 degrees.",
        "Yes, {first}. The base is steel all the way across.",
    ),
    further=("And in the dishwasher?", "Good. How long is delivery at the moment?"),
    closes=("Ordered. Thank you.", "That is all I needed.", "Thanks!"),
)
INVOICE = Script(
    subject="Invoice for {order}",
    opens={
        "friendly": "Could you send me the invoice for {order} with our company name on it?",
        "terse": "Invoice for {order} please.",
        "worried": "I cannot find an invoice for {order} and my bookkeeper is asking.",
        "angry": "An invoice is not a favor. {order}.",
        "thorough": "Please send the invoice for {order}, made out to our company, with the tax number we gave when ordering.",
    },
    answers=(
        "Here it is, {first}: it is also in your account under Orders.",
        "Sent just now, {first}, with the company's name.",
    ),
    further=("The tax number is missing, could you add it?",),
    closes=("Got it, thanks.", "Thank you."),
)
INDONESIAN = Script(
    subject="Pesanan {order}",
    opens={
        "any": "Selamat siang, pesanan saya {order} dijanjikan tiba {promised} tetapi belum sampai. Mohon dicek ya."
    },
    answers=(
        "Halo {first}, maaf atas keterlambatannya. Saya sudah menghubungi {carrier} dan akan mengabari hari ini.",
    ),
    further=("Baik, saya tunggu kabarnya.", "Apakah bisa dikirim ulang?"),
    closes=("Sudah sampai, terima kasih.", "Terima kasih atas bantuannya."),
)
ARABIC = Script(
    subject="الطلب {order}",
    opens={"any": "مرحبا، طلبي {order} كان موعده {promised} ولم يصل بعد. هل يمكنكم التحقق من ذلك؟"},
    answers=("أهلا {first}، نعتذر عن التأخير. تواصلت مع شركة التوصيل وسأكتب لك اليوم.",),
    further=("شكرا، أنتظر ردكم.", "هل يمكن إرسال بديل؟"),
    closes=("وصل الطلب اليوم، شكرا لكم.", "شكرا على المساعدة."),
)
USUAL = (BROKEN, ADDRESS, QUESTION, INVOICE)
SAID_AFTER = {
    1: ("Asked three times, got three answers.", "Never again with this carrier."),
    2: ("It came in the end, but I had to chase it.", "Too slow."),
    3: ("Fine.", "Friendly people, slow parcel."),
    4: ("Good help.", "Sorted within a day."),
    5: ("One message and it was done.", "Very kind, thank you."),
}


def opening(script: Script, temper: str) -> str:
    return script.opens.get(temper) or next(iter(script.opens.values()))


def said(words: str, chance: random.Random, **names: str) -> str:
    """The words with their names put in; a few people forget their capitals."""
    text = words.format(**names)
    return text.lower() if chance.random() < 0.04 else text
