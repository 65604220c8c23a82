"""Invented people and words to draw the parts with, in a language read from the left and one read from the right."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from careline.kit.ids import uuid7
from careline.web import assets, environment, faces, line

NOW = datetime(2026, 5, 22, 14, 4, tzinfo=UTC)

PEOPLE = {
    "en": ["Noor Haddad", "Emil Strand", "Pia Lindqvist-Okafor", "Wren & Sons Joinery (trade account, 9 vans)", "",
           "Yusuf Demir", "Rosalind Achterberg", "+44 20 7946 0118"],
    "ar": ["نور حداد", "إميل ستراند", "بيا ليندكفيست", "رين وأولاده للنجارة (حساب تجاري، تسع شاحنات)", "",
           "يوسف دمير", "روزاليند", "+44 20 7946 0118"],
}  # fmt: skip
LAST = {
    "en": ["The parcel came, but the kettle has a crack along the spout and I leave Sunday", "Which size did you send?",
           "It is on its way, you can follow it with AB-2291.", "Delivery dates for June, see sheet attached",
           "Is anybody there?", "Left the spare key with Ida", "Thank you, that was it.", "I called twice today."],
    "ar": ["وصل الطرد لكن الغلاية مشروخة عند الفوهة وسأسافر يوم الأحد", "أي مقاس أرسلتم؟",
           "الطرد في الطريق، رقم التتبع AB-2291.", "مواعيد التسليم في يونيو، انظر الجدول المرفق", "هل من أحد هنا؟",
           "تركت المفتاح الاحتياطي عند إيدا", "شكرًا، هذا ما أردته.", "اتصلت مرتين هذا الصباح."],
}  # fmt: skip
SCRAPS = [
    [1, 1, -2, -2, -2, 0, 2, -1], [1, 1, 0, -2], [0, 1, 1], [1, 0, 1, 1, 0, 1], [], [1, 2, 1, 2], [0, -1, -1, 1], [-1],
]  # fmt: skip
EFFORTS: list[list[int]] = [[0, 0, 3, 2, 0, 0, 0, 1], [0, 0, 1, 2], [], [0] * 6]
TALK = {
    "en": [
        ("incoming", "Hello, the parcel came today, thank you.\n\nBut the kettle has a crack along the spout. "
                     "I leave on Sunday and would rather not take it along like this."),
        ("incoming", "Here is a picture: https://example.com/kettle.jpg (sorry, dark kitchen)"),
        ("note", "Third cracked spout from this batch. Send a new one, no need to ask for this one back."),
        ("reply", "That is not how it should reach you. A new kettle leaves today with the night courier, at no cost."),
        ("incoming", "Will I need to sign for it? The last courier left a card and that was that."),
    ],
    "ar": [
        ("incoming", "مرحبًا، وصل الطرد اليوم، شكرًا لكم.\n\nلكن الغلاية مشروخة عند الفوهة، وأنا أسافر يوم الأحد."),
        ("incoming", "هذه صورة: https://example.com/kettle.jpg (المطبخ مظلم، عذرًا)"),
        ("note", "ثالث فوهة مشروخة من هذه الدفعة. أرسلوا غلاية جديدة ولا حاجة لاستعادة هذه."),
        ("reply", "ليس هكذا ينبغي أن تصلك. ستنطلق غلاية جديدة اليوم مع ساعي الليل، بلا مقابل."),
        ("incoming", "هل عليّ التوقيع عند الاستلام؟ الساعي السابق ترك بطاقة وانصرف."),
    ],
}  # fmt: skip


def ago(**span: float) -> str:
    return environment.iso(NOW - timedelta(**span))


def rows(language: str = "en", count: int = 8) -> list[SimpleNamespace]:
    names, last = PEOPLE[language], LAST[language]
    return [row(k, names[k % len(names)], last[k % len(last)]) for k in range(count)]


def row(k: int, name: str, preview: str) -> SimpleNamespace:
    return SimpleNamespace(
        id=1001 + k,
        dom_id=f"conversation-{1001 + k}",
        url=f"/conversations/{1001 + k}/",
        closure_url=f"/conversations/{1001 + k}/closure",
        person_name=name,
        initials=faces.initials(name),
        tint=faces.tint(name),
        channel="api" if k % 4 == 1 else "webchat",
        channel_word="API" if k % 4 == 1 else "Chat",
        preview=preview,
        preview_by=("customer", "customer", "us", "customer", "customer", "note")[k % 6],
        subject="Cracked kettle" if k == 0 else "",
        active_at=ago(minutes=(2, 31, 95, 200, 60 * 20, 60 * 50, 60 * 24 * 12, 60 * 24 * 300)[k % 8]),
        place=ago(minutes=k),
        state=("open", "open", "open", "open", "open", "snoozed", "resolved", "spam")[k % 8],
        waiting_on=("us", "us", "customer", "third_party")[k % 4],
        unread=k < 2,
        assignee_id=7 if k % 3 == 0 else None,
        assignee_name="Ines Calder" if k % 3 == 0 else None,
        priority=(0, 4, 0, 3)[k % 4],
        tags=[],
        scrap=SCRAPS[k % len(SCRAPS)],
        efforts=EFFORTS[k % len(EFFORTS)],
        mark=SimpleNamespace(why="CSAT 2/5", due_at="2026-03-02T17:00:00Z", late=True) if k % 4 == 1 else None,
        pledge=pledge(k),
    )


def pledge(k: int) -> SimpleNamespace | None:
    """Every third has time left, is nearly due or late."""
    from careline.web import promising

    state = ("", "warned", "broken")[k % 3]
    begun, due = "2026-03-02T08:00:00Z", "2026-03-02T17:00:00Z"
    html = promising.drawn(promising.what("first"), begun, due, state, ("* left", "* late"))
    return SimpleNamespace(html=html, place=due, risk=state) if k % 5 else None


def messages(language: str = "en") -> list[SimpleNamespace]:
    customer = PEOPLE[language][0]
    system = "Ines Calder took the conversation" if language == "en" else "استلمت إيناس كالدر المحادثة"
    drawn = []
    for k, (kind, body) in enumerate(TALK[language]):
        author = customer if kind == "incoming" else "Tomas Reyl" if kind == "note" else "Ines Calder"
        drawn.append(message(k, kind, body, author))
    drawn[1].attachments = [
        {"url": "/files/1", "name": "kettle.pdf", "size_words": "218 kB", "inline": False, "placed": False},
        {
            "url": assets.static("mark.svg"),
            "name": "kettle.png",
            "size_words": "12 kB",
            "inline": True,
            "placed": False,
        },
    ]
    drawn.insert(2, SimpleNamespace(id="sys", seq=9, kind="system", words=system, at=ago(minutes=11)))
    failed = message(8, "reply", drawn[-2].body, "Ines Calder")
    failed.status, failed.status_reason = "failed", "the server of the shop did not answer"
    return [*drawn, failed]


def message(k: int, kind: str, body: str, author: str) -> SimpleNamespace:
    return SimpleNamespace(
        id=f"m{k}", seq=k + 1, kind=kind, author_name=author, initials=faces.initials(author), tint=faces.tint(author),
        body=body, at=ago(minutes=14 - k * 2), status="read" if kind == "reply" else "", status_reason="",
        attachments=[], words="", letter=None, is_bot=False, offered=None, itself="",
    )  # fmt: skip


def touch(kind: str, days: float, source: str = "", **facts: Any) -> SimpleNamespace:
    at = NOW - timedelta(days=days)
    return SimpleNamespace(id=uuid7(), kind=kind, source=source, journey=None, occurred_at=at, facts=facts)


def touches() -> list[SimpleNamespace]:
    old, now = {"source": "conversation:984"}, {"source": "conversation:1001"}
    return [
        touch("page.viewed", 71, title="Kettles for gas and induction"),
        touch("page.viewed", 70.99, title="How to descale"),
        touch("order.placed", 65, order="A-1048", total_minor=7900, currency="EUR",
              items=[{"name": "Kettle, 1.2 l", "quantity": 1}]),
        touch("conversation.opened", 56, **old, channel="webchat"),
        touch("message.received", 56, **old, channel="webchat", preview="Where is my parcel? It should be here."),
        touch("message.sent", 55, **old, channel="webchat", preview="It is late, we are looking."),
        touch("conversation.resolved", 54, **old),
        touch("order.delivered", 50, order="A-1048", days_late=6, carrier="Nordpost"),
        touch("survey.answered", 48, metric="csat", score=2, scale_max=5, text="Kettle lovely, delivery was not"),
        touch("visit.checked-in", 33, place="Mill Street"),
        touch("survey.answered", 13, metric="nps", score=9, scale_max=10),
        touch("conversation.opened", 0.01, **now, channel="webchat", subject="Cracked kettle"),
        touch("message.received", 0.009, **now, channel="webchat", preview="Hello, the parcel came today."),
    ]  # fmt: skip


def moments(**options: Any) -> list[line.Moment]:
    drawn = line.draw(
        touches(), current="conversation:1001", links={"conversation:984": "/conversations/984/"}, **options
    )
    for moment, effort in zip(drawn, (0, 0, 2, 3, 1, 0, 0, 1), strict=False):
        moment.effort = effort
    return drawn


def person(language: str = "en") -> SimpleNamespace:
    name = PEOPLE[language][0]
    return SimpleNamespace(
        name=name, initials=faces.initials(name), tint=faces.tint(name), url="/customers/1/", since=ago(days=71),
        identities=[{"icon": "mail", "word": "Email", "value": "noor.haddad@example.net"},
                    {"icon": "phone", "word": "Phone", "value": "+44 7700 900 214"}],
        facts=[{"label": "Orders", "value": "2, €118"}],
    )  # fmt: skip


def composer(language: str = "en") -> dict[str, str]:
    return {
        "reply_url": "/conversations/1001/messages", "note_url": "/conversations/1001/messages",
        "to_name": PEOPLE[language][0], "channel": "webchat", "channel_word": "Chat",
        "hint": "Seen at once in the chat", "client_id": "0196f7a2",
    }  # fmt: skip
