"""Rules that come ready: added switched off, and changed like any other."""

from __future__ import annotations

from typing import Any

import msgspec
from django.utils.translation import gettext_lazy as _

_DAY = 24 * 60
# To customers, in the languages Careline comes in; the house rewrites them as it likes.
_QUIET = {
    "en": "Hello {{customer}},\n\nwe have not heard from you for a while, so we will close this conversation in two "
    "days. If you still need us, just write a word.\n\n{{house}}",
    "id": "Halo {{customer}},\n\nsudah beberapa waktu kami tidak mendengar kabar dari Anda, jadi percakapan ini kami "
    "tutup dalam dua hari. Jika masih perlu bantuan, cukup balas pesan ini.\n\n{{house}}",
    "ar": "مرحبًا {{customer}}،\n\nلم يصلنا منك شيء منذ مدة، لذا سنغلق هذه المحادثة بعد يومين. إن كنت ما زلت بحاجة "
    "إلينا فاكتب لنا كلمة واحدة.\n\n{{house}}",
}
_CLOSED = {
    "en": "Hello {{customer}},\n\nthank you for writing. We are closed at the moment and will answer as soon as we are "
    "back.\n\n{{house}}",
    "id": "Halo {{customer}},\n\nterima kasih atas pesan Anda. Saat ini kami sedang tutup dan akan membalas begitu "
    "kami buka kembali.\n\n{{house}}",
    "ar": "مرحبًا {{customer}}،\n\nشكرًا لرسالتك. نحن مغلقون حاليًا وسنجيبك فور عودتنا.\n\n{{house}}",
}


class Ready(msgspec.Struct, frozen=True):
    """Its name and what it is good for in the reader's language, and the raw forms of its parts."""

    name: Any
    words: Any
    when: dict[str, Any]
    conditions: dict[str, Any]
    then: list[dict[str, Any]]


RULES = {
    "closing": Ready(
        _("Close what falls silent"),
        _("Three days without a word from the customer: they are told, and two days later it is resolved."),
        {"since": "silence", "minutes": 3 * _DAY},
        {"all": [{"field": "waiting_on", "op": "is", "value": "customer"}]},
        [{"do": "reply", "words": _QUIET}, {"do": "wait", "minutes": 2 * _DAY}, {"do": "state", "state": "resolved"}],
    ),
    "following": Ready(
        _("A new conversation after 30 days"),
        _("What a customer writes within 30 days of a resolution opens it again; after that it is a new matter."),
        {"kind": "conversation.resolved"},
        {"all": []},
        [
            {"do": "thread", "next_words": "join"}, {"do": "wait", "minutes": 30 * _DAY},
            {"do": "thread", "next_words": "begin"},
        ],
    ),
    "closed": Ready(
        _("Answer outside opening hours"),
        _("Who begins a conversation outside the hours of its inbox hears that you will answer once you are back."),
        {"kind": "conversation.opened"},
        {"all": [{"field": "hours", "op": "is", "value": "closed"}]},
        [{"do": "reply", "words": _CLOSED}],
    ),
}  # fmt: skip
