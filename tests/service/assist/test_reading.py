"""What customers give and what replies ask for, read in three languages."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from careline.service.assist.given.asking import asked_in
from careline.service.assist.given.reading import given_in

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)

GIVES = [
    ("My order A-1042 is late", "order=A1042"),
    ("order number 12345 please", "order=12345"),
    ("#99812 never arrived", "order=99812"),
    ("write to Ada@example.com or call +44 20 7183 8750", "email=ada@example.com phone=+442071838750"),
    ("020 7183 8750", "phone=+442071838750"),
    ("I bought it on 3 November", "date=2026-11-03"),
    ("It came on Jan 5th", "date=2027-01-05"),
    ("on Nov 3rd, 2025", "date=2025-11-03"),
    ("since 2026-11-01, not 14.2.2026", "date=2026-11-01 date=2026-02-14"),
    ("my address is 12 Harbor Lane, London E1 6AN. Thanks", "address=12 harbor lane, london e1 6an"),
    ("12 Harbor Lane, London E1 6AN, and call me please", "address=12 harbor lane, london e1 6an"),
    ("Send it to 7 Old Quay Road, Leeds!", "address=7 old quay road, leeds"),
    ("my name is Ada Moreau and I want it in size 42", "size=42 name=ada moreau"),
    ("Jl. Sudirman No. 12, Jakarta", "address=jl. sudirman no. 12, jakarta"),
    ("Nomor pesanan saya ORD-5521, ukuran XL", "order=ORD5521 size=XL"),
    ("Nama saya Budi Santoso, tanggal 3 Mei 2026", "name=budi santoso date=2026-05-03"),
    ("رقم الطلب ٤٥٢١ وصل متأخرا", "order=4521"),
    ("اسمي ليلى حسن", "name=ليلى حسن"),
    ("عنواني شارع النيل ١٢ القاهرة", "address=شارع النيل 12 القاهرة"),
]
GIVES_NOTHING = [
    "I have 3 of them, order 2 more", "My order number is late", "It may 5 take", "", "size matters", "1.5 kg of 2",
    "it says error 404", "yes", "https://example.com/A-1042", "31 February",
]  # fmt: skip

ASKS = [
    ("What is your order number?", "order"),
    ("Hi Ada, could you please send me your order number?", "order"),
    ("Your order number, please?", "order"),
    ("Can I get your order ID?", "order"),
    ("Could you share the order number and the email you used?", "order email"),
    ("Please provide your email address so we can look.", "email"),
    ("What's your e-mail?", "email"),
    ("May I have your full name and phone number?", "phone name"),
    ("Let me know your phone number and I'll call you.", "phone"),
    ("Can you confirm the delivery address?", "address"),
    ("We need your address to send a replacement.", "address"),
    ("Which size do you need?", "size"),
    ("When was it? What was the purchase date?", "date"),
    ("Mohon kirimkan nomor pesanan Anda.", "order"),
    ("Boleh minta alamat email Anda?", "email"),
    ("Berapa nomor telepon Anda?", "phone"),
    ("Apa ukuran yang Anda inginkan?", "size"),
    ("Mohon infokan alamat pengiriman.", "address"),
    ("Bisa sebutkan nama lengkap?", "name"),
    ("يرجى تزويدنا برقم الطلب", "order"),
    ("ما هو رقم طلبك؟", "order"),
    ("من فضلك أرسل لنا عنوانك", "address"),
    ("هل يمكنك إرسال رقم الهاتف؟", "phone"),
    ("ما هو بريدك الإلكتروني؟", "email"),
    ("ما هو المقاس؟", "size"),
]
ASKS_NOTHING = [
    "I have your order number here, thanks.", "We will send an email to your address shortly.", "Which product is it?",
    "Thanks for sharing your order number!", "Did you receive our email?", "Please check your email for the link.",
    "I've found your order A-1042 and it is on its way.", "You will get a confirmation by email.",
    "Shall I send it to your email?", "What is wrong with the lamp?", "Our address is 5 Quay Road.",
    "Please send it back to our address.", "For security reasons, please verify your email address.",
    "Could you send us a photo of the box?", "Your order number is A-1042.", "The size chart is on the page.",
    "I changed the delivery address as you wished.", "Could you tell me more about what happened?",
    "We can't change the address after it left.", "Can I change the address for you?", "Please reply to this email.",
    "Pesanan Anda sudah kami kirim.", "Terima kasih atas nomor pesanan Anda.", "شكرا لك على رقم الطلب",
    "سيصل طلبك غدا", "",
]  # fmt: skip


@pytest.mark.parametrize(("said", "expected"), GIVES)
def test_what_is_given_is_read(said, expected):
    assert {f"{one.kind}={one.key}" for one in given_in(said, at=AT, region="GB")} == _parts(expected)


def _parts(expected: str) -> set[str]:
    """Values may hold spaces: each part begins with its kind."""
    parts: list[str] = []
    for word in expected.split(" "):
        if "=" in word:
            parts.append(word)
        else:
            parts[-1] += f" {word}"
    return set(parts)


@pytest.mark.parametrize("said", GIVES_NOTHING)
def test_what_only_looks_alike_is_left_alone(said):
    assert given_in(said, at=AT, region="GB") == []


@pytest.mark.parametrize(
    ("asked", "said", "expected"),
    [
        ("order", "it's 88231", [("order", "88231")]), ("size", "M", [("size", "M")]),
        ("name", "Ada Moreau", [("name", "ada moreau")]), ("address", "Quay 7, Leeds", [("address", "quay 7, leeds")]),
        ("name", "No, why?", []), ("name", "thank you", []), ("order", "where do I find it?", []),
        ("size", "the one I had before was too small for me", []),
    ],
)  # fmt: skip
def test_a_short_answer_is_what_we_asked_for(asked, said, expected):
    assert [(one.kind, one.key) for one in given_in(said, at=AT, asked=[asked])] == expected


@pytest.mark.parametrize(("reply", "expected"), ASKS)
def test_a_reply_that_asks_is_seen(reply, expected):
    assert set(asked_in(reply)) == set(expected.split())


@pytest.mark.parametrize("reply", ASKS_NOTHING)
def test_a_reply_that_does_not_ask_is_not_accused(reply):
    assert asked_in(reply) == ()


def test_a_very_long_message_is_read_in_no_time():
    import time

    began = time.process_time()
    given_in("order number " * 80_000, at=AT, region="GB")
    asked_in("could you please send your " * 40_000)
    given_in("a@" * 500_000 + "1 A" * 100_000, at=AT)
    assert time.process_time() - began < 5
