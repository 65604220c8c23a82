"""The words by which things are named and asked for, in English, Indonesian and Arabic, as patterns of text in small
letters whose digits are Latin (`plain`)."""

from __future__ import annotations

import re

from careline.service.assist.given.kinds import Kind

_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
# Marks of Arabic that are written or left out as one likes, and the line that draws a word out.
_MARKS = re.compile("[\u064b-\u0652\u0640]")


def plain(text: str) -> str:
    """With Latin digits and plain apostrophes; every sign keeps its place but the marks of Arabic, which go."""
    return _MARKS.sub("", text.translate(_DIGITS).replace("’", "'"))


MONTHS = {
    name: number
    for names, number in (
        ("january januari يناير كانون الثاني", 1), ("february februari فبراير شباط", 2), ("march maret مارس آذار", 3),
        ("april أبريل نيسان ابريل", 4), ("may mei مايو أيار", 5), ("june juni يونيو حزيران", 6),
        ("july juli يوليو تموز", 7),
        ("august agustus أغسطس آب اغسطس", 8), ("september سبتمبر أيلول", 9), ("october oktober أكتوبر اكتوبر", 10),
        ("november نوفمبر", 11), ("december desember ديسمبر", 12),
    )
    for name in names.split()
    if name not in ("كانون", "الثاني")
}  # fmt: skip
MONTHS |= {name[:3]: number for name, number in MONTHS.items() if name.isascii()} | {"sept": 9, "agu": 8}

# What a thing is called where somebody asks for it.
NOUNS: dict[Kind, str] = {
    "order": r"(?:order|booking|purchase|reference)(?:'s)?[ -]?(?:number|no\b\.?|nr\b\.?|id\b|#|reference|code)"
    r"|order(?= (?:are|is|was|do|did) (?:this|you|it|we))|(?:nomor|no\.?|kode) (?:pesanan|order|pemesanan|invoice)"
    r"|رقم (?:ال)?طلب(?:ك|كم|ية|يتك)?|رقم الحجز",
    "email": r"e-?mails?(?: address(?:es)?)?|alamat (?:surel|e-?mail)|surel|البريد الإلكتروني|البريد الالكتروني"
    r"|بريدك(?:م)?(?: (?:الإلكتروني|الالكتروني))?|(?:ال)?[إا]يميل(?:ك)?",
    "phone": r"(?:tele)?(?:phone|mobile|cell|contact|whatsapp)(?:[ -]?phone)?[ -]?(?:number|no\b\.?)|phone\b"
    r"|(?:nomor|no\.?) (?:telepon|telpon|hp|ponsel|whatsapp|wa|handphone)|رقم (?:ال)?(?:هاتف|جوال|موبايل|"
    r"تليفون)(?:ك|كم)?",
    "date": r"(?:order|purchase|delivery|arrival|travel|booking|appointment)?\s?\bdates?\b|which day|what day"
    r"|tanggal(?: (?:berapa|pembelian|pemesanan|pesanan))?|hari apa|تاريخ(?: (?:ال)?(?:شراء|طلب|حجز))?|أي يوم",
    "address": r"(?:(?:delivery|shipping|postal|home|billing|full|street|current|new|mailing) )*\baddress\b"
    r"|alamat(?: (?:pengiriman|lengkap|rumah|tujuan))?(?! (?:surel|e-?mail))|عنوان(?:ك|كم)?(?: (?:الشحن|التوصيل))?",
    "size": r"(?:(?:shoe|shirt|dress|clothing) )?\bsizes?\b|ukuran|المقاس|مقاس(?:ك|كم)?",
    "name": r"(?:(?:full|first|last|family|sur) ?)*\bname\b|nama(?: (?:lengkap|anda|kamu))?|اسم(?:ك|كم)?"
    r"(?: (?:الكامل|بالكامل))?",
}
# "Email address" is no address, and a name of a product is none of the customer.
NOT: dict[Kind, str] = {
    "address": r"e-?mail address|alamat (?:surel|e-?mail)|عنوان البريد|web address|ip address",
    "name": r"(?:product|item|brand|file|user|company|bank|courier|store)(?:'s)? ?name"
    r"|nama (?:produk|barang|toko|kurir)",
    "date": r"to date|out of date|due date|up[ -]to[ -]date|date back",
    "phone": r"by phone|over the phone|on the phone|(?:your|new|the) phone (?!number|no)|customer service phone",
    "size": r"same size|that size|in size|size (?:chart|guide)|size m|size l|size s",
}

# How asking begins; between it and the thing stand few words, and none that turns it round.
_GAP = r"(?:(?!\bto\b|\bvia\b|\bby\b|\bfrom\b|\bwith\b|\bfor\b)[^.?!؟\n]){0,40}?"
ASKS = (
    # What is your order number? Which address ...?
    rf"\b(?:what|which|what's|whats)\b(?:'s)?{_GAP}",
    # Could you send me ..., please give us ..., tell me ...
    r"(?:^|\bplease,?|\bpls|\b(?:could|can|would|will) you(?: please| kindly)?|\bkindly|\band|"
    r"[,;:–-])\s*(?:(?:also|just|then)\s)?"
    r"(?:provide|share|send|give|confirm|tell|state|include|type|resend|specify|reply with|let (?:me|"
    r"us) (?:know|have)|"
    rf"enter|note|forward|add|supply|drop|leave|repeat|write down)\b(?! (?:it|this|that|them|him|her)\b){_GAP}",
    rf"\b(?:can|could|may|might|shall) (?:i|we)(?: please)? (?:have|get|ask(?: you)? for|know|take)\b{_GAP}",
    rf"\b(?:i|we)(?:'ll| will| would|'d)?(?: also| still| just)? (?:need|require|are missing|am missing)\b{_GAP}",
    r"\b(?:do|would|could) you (?:have|happen to have|know|remember)\b(?: (?:the|your|an?))?\s?(?:\w+\s){0,2}?",
    # mohon kirimkan ..., boleh minta ..., berapa nomor ..., apa alamat ..., kami perlu ...
    r"\b(?:mohon|tolong|silakan|harap|bisa|boleh|bolehkah|bisakah|minta|perlu|butuh|membutuhkan|memerlukan|"
    r"berapa|apa|apakah|"
    r"siapa|sebutkan|kirim(?:kan)?|infokan|informasikan|berikan|beri ?tahu)\b[^.?!\n]{0,45}?",
    # يرجى تزويدنا ..., من فضلك أرسل ..., ما هو رقم ..., نحتاج ...
    r"(?:يرجى|الرجاء|رجاء|من فضلك|لو سمحت|هل يمكن(?:ك|كم|نا|ني)?|ممكن|ما هو|ما هي|ما\s|كم\s|نحتاج|أحتاج|احتاج|نريد|"
    r"زود(?:نا|ني)|[أا]رسل(?:ي|وا)?(?: لنا| لي)?|[أا]عط(?:نا|ني|ينا|يني)|[أا]خبر(?:نا|ني|ينا)|أكد|"
    r"اكتب)[^.?!؟\n]{0,45}?",
)
# "Your order number, please?" asks by itself.
BARE = (
    r"^(?:and |also |ok,? |okay,? |dan |و\s?)?(?:the |your |a )?(?:{noun})(?: anda| kamu| kak)?(?:,? please|"
    r" tolong|,? من فضلك)?\s*[?؟]?$"
)
# That somebody proves who they are is no question of what it is; and what we have or do ourselves is none.
PROVES = (
    r"verif|identity check|security (?:check|question|reason)|for security|prove |keamanan|identitas|للتحقق|"
    r"التحقق|الأمان"
)
OURS = (
    r"(?<!can )(?<!could )(?<!may )(?<!might )(?<!shall )\b(?:i|we) (?:have|got|received|found|see|can see|sent|"
    r"noted|already|did|do have)\b|\bthanks? (?:you )?for\b"
    r"|\b(?:you(?:'ll| will)|you (?:can|may|should) (?:find|see|expect))\b|\bterima kasih (?:atas|sudah|telah)\b"
    r"|\bsudah (?:kami|saya|menerima)\b|شكرا(?:ً)? (?:ل|على)|لدينا\s"
)
OWN = r"\b(?:our|my) (?:\w+ )?"
