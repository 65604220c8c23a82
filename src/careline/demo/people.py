"""Invented customers: names in three languages, addresses that belong to nobody."""

from __future__ import annotations

import random

import msgspec

FIRST = {
    "en": [
        "Ada",
        "Ben",
        "Clara",
        "Dario",
        "Elif",
        "Finn",
        "Greta",
        "Hugo",
        "Iris",
        "Jonas",
        "Katya",
        "Lene",
        "Mara",
        "Nils",
        "Orla",
        "Piet",
        "Quinn",
        "Rhea",
        "Soren",
        "Tilda",
    ],
    "id": [
        "Adi",
        "Bunga",
        "Citra",
        "Dewi",
        "Eko",
        "Fitri",
        "Gilang",
        "Hana",
        "Indra",
        "Kartika",
        "Lestari",
        "Made",
        "Nadia",
        "Putri",
        "Rizky",
    ],
    "ar": ["أمل", "بدر", "جنى", "حسن", "دينا", "رامي", "زينب", "سامي", "عمر", "ليلى", "مريم", "نور", "هدى", "ياسين"],
}
LAST = {
    "en": [
        "Abbot",
        "Brandt",
        "Costa",
        "Dunne",
        "Ellis",
        "Farkas",
        "Grau",
        "Holm",
        "Ivers",
        "Jansen",
        "Kovac",
        "Lindqvist",
        "Moreau",
        "Novak",
        "Okonjo",
        "Petrov",
        "Reyes",
    ],
    "id": ["Hidayat", "Kusuma", "Lubis", "Nasution", "Pratama", "Santoso", "Siregar", "Wijaya"],
    "ar": ["حداد", "خليل", "سالم", "شاهين", "عيسى", "قاسم", "منصور", "ناصر"],
}
LATIN = {
    "ar": [
        "amal",
        "badr",
        "jana",
        "hasan",
        "dina",
        "rami",
        "zeinab",
        "sami",
        "omar",
        "layla",
        "maryam",
        "nour",
        "huda",
        "yasin",
    ]
}


class Character(msgspec.Struct, frozen=True):
    name: str
    email: str
    phone: str
    language: str
    temper: str
    loyalty: float  # how likely a next order is when nothing goes wrong


TEMPERS = ("friendly", "friendly", "terse", "worried", "angry", "thorough")


def characters(count: int, chance: random.Random) -> list[Character]:
    """`count` customers; about one in six writes Indonesian, one in nine Arabic."""
    made = []
    for n in range(count):
        language = chance.choices(("en", "id", "ar"), (73, 16, 11))[0]
        at = chance.randrange(len(FIRST[language]))
        first, last = FIRST[language][at], chance.choice(LAST[language])
        latin = LATIN["ar"][at] if language == "ar" else first.lower()
        phone = {
            "en": f"+4420794{60000 + n % 40000:05d}",
            "id": f"+62812{34000000 + n:08d}",
            "ar": f"+97150{1000000 + n:07d}",
        }
        made.append(
            Character(
                name=f"{first} {last}",
                email=f"{latin}.{n + 1}@customers.example",
                phone=phone[language] if n % 3 else "",
                language=language,
                temper=chance.choice(TEMPERS),
                loyalty=chance.uniform(0.35, 0.7),
            )
        )
    return made
