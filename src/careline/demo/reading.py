"""What the company has written down for its customers and for itself: few articles, in the languages it speaks."""

from __future__ import annotations

from careline.demo.company import Company
from careline.service.knowledge import actions
from careline.service.knowledge.actions.arranging import Looks
from careline.service.knowledge.shapes import Placed, Written

COLLECTIONS = {
    "orders": {"en": "Orders and delivery", "id": "Pesanan dan pengiriman", "ar": "الطلبات والتوصيل"},
    "returns": {"en": "Returns and repairs", "id": "Pengembalian dan perbaikan", "ar": "الإرجاع والإصلاح"},
    "care": {"en": "Care for what you bought", "id": "Merawat yang Anda beli", "ar": "العناية بما اشتريته"},
}
# Collection, audience, title, text, ways of asking.
ARTICLES = (
    ("orders", "public", "Where is my parcel?", """\
Most parcels arrive within three working days. The mail that told you it left has a number to follow it by.

## If the number shows nothing

It can take a day until the carrier has scanned the parcel. Look again tomorrow before you write to us.

## If it says delivered and it is not there

1. Ask at the door beside yours; carriers often leave parcels there.
2. Look for a card in your mailbox.
3. [Ask a person](/help/en/contact). We look for it with the carrier, and send it again if it is lost.
""", ("my order is late", "when does my package arrive", "track my delivery", "it says delivered but I have nothing",
      "has my parcel been lost", "how long does shipping take")),
    ("orders", "public", "Change or cancel an order", """\
As long as it has not left we can change anything. Write to us with the number of the order.

Orders are packed at two in the afternoon on working days. After that an order can be sent back instead.
""", ("I want to cancel my order", "change the address of my order", "I ordered the wrong size")),
    ("returns", "public", "Send something back", """\
You have **30 days** to send anything back that you have not used.

1. Write to us; you get a label by mail.
2. Pack it so that nothing can break.
3. Hand it in at any shop of the carrier.

The money is back within five working days of its arrival, the way you paid.

| What | Who pays the way |
|---|---|
| It was broken or wrong | we do |
| You changed your mind | you do, 4.90 |
""", ("how do I get a refund", "I want my money back", "return an item", "can I exchange it", "it does not fit",
      "where do I send a return")),
    ("returns", "public", "It arrived broken", """\
That should not happen. Take a picture of it and of the box, and write to us with both: you get a new one at once, and
need not send the pieces back.
""", ("my kettle is cracked", "the lid is broken", "it came damaged", "a piece is missing")),
    ("care", "public", "Descale a kettle", """\
Scale makes a kettle loud and slow. Once a month is enough where the water is hard.

1. Fill it half with water and two spoons of citric acid.
2. Bring it to a boil, and let it stand for half an hour.
3. Pour it out and boil clean water twice.

Never use vinegar in an enameled kettle: it takes the shine off.
""", ("my kettle is full of limescale", "white flakes in the water", "how do I clean the kettle")),
    ("care", "customers", "Two more years of warranty", """\
Whoever bought from us twice has four years of warranty instead of two. You need nothing but the mail of your order.
""", ("how long is the warranty", "is it still under guarantee")),
    ("returns", "agents", "How much we may give", """\
Up to 25 without asking, up to 100 after a word with the lead. Say sorry first, in your own words.
""", ("goodwill", "what can I offer")),
)  # fmt: skip
INDONESIAN = (
    "Where is my parcel?", "Di mana paket saya?", """\
Kebanyakan paket tiba dalam tiga hari kerja. Surel pengiriman memuat nomor untuk melacaknya.

1. Tanyakan kepada tetangga.
2. Lihat kartu di kotak surat Anda.
3. Tulislah kepada kami; kami mencarinya bersama kurir.
""", ("pesanan saya terlambat", "lacak paket"),
)  # fmt: skip
ARABIC = (
    "Where is my parcel?", "أين طردي؟", """\
تصل معظم الطرود خلال ثلاثة أيام عمل. في رسالة الشحن رقم تتبعه به.

1. اسأل جيرانك.
2. ابحث عن بطاقة في صندوق بريدك.
3. اكتب إلينا؛ نبحث عنه مع شركة الشحن.
""", ("طلبي متأخر", "تتبع الطرد"),
)  # fmt: skip


def begin(house: Company) -> None:
    """Written and published by the owner, as everything that is there from the beginning."""
    boss = house.owner
    shelves = {
        slug: actions.keep_collection(names, actor=boss, slug=slug).pk for slug, names in COLLECTIONS.items()
    }  # fmt: skip
    made: dict[str, int] = {}
    for shelf, audience, title, body, phrasings in ARTICLES:
        placed = Placed(collection_id=shelves[shelf], audience=audience)
        written = Written(title=title, body=body, phrasings=phrasings)
        one = actions.create(written, placed, actor=boss, language="en")
        actions.publish(one.pk, actor=boss)
        made[title] = one.article_id
    for language, (of, title, body, phrasings) in (("id", INDONESIAN), ("ar", ARABIC)):
        written = Written(title=title, body=body, phrasings=phrasings)
        actions.publish(actions.translate(made[of], written, actor=boss, language=language).pk, actor=boss)
    actions.keep_centre(Looks(title="Harbor & Hearth help", greeting="How can we help?"), actor=boss)
