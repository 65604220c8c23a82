"""What promises, blames and sounds stiff or loose, in the languages the house's own words are in.

Lists are no better than what stands in them: they find the plain cases, and say nothing of the rest.
"""

from __future__ import annotations

import re

_DAY = (
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|tomorrow|today|tonight|\d{1,2}(?:st|nd|rd|th)?\s+(?:of\s+)?"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*|"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\s+\d{1,2}"
)


def _compiled(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in patterns), re.IGNORECASE)


GUARANTEES = {
    "en": _compiled(
        r"\b(?:I|we)(?:\s+can)?\s+(?:guarantee|promise|assure)\b", r"\bguaranteed\b", r"\bwithout\s+fail\b",
        r"\b(?:will|shall)\s+(?:definitely|certainly|absolutely)\b", r"\b(?:definitely|certainly)\s+will\b",
        r"\bnever\s+happen\s+again\b", r"(?<!\w)100\s?%", r"\bfor\s+sure\b",
    ),
    "id": _compiled(
        r"\b(?:kami|saya)\s+(?:menjamin|jamin|berjanji|janji|pastikan)\b",
        r"\bdijamin\b",
        r"\bpasti\s+(?:akan|sampai)\b",
        r"\btidak\s+akan\s+terulang\b", r"(?<!\w)100\s?%",
    ),
    "ar": _compiled(r"(?:نضمن|أضمن|نعدك|أعدك|مضمون)", r"لن\s+يتكرر", r"بالتأكيد\s+س", r"١٠٠\s?٪|100\s?%"),
}  # fmt: skip
DATES = {
    "en": _compiled(
        rf"\b(?:will|shall|'ll|’ll)\s+(?:\w+\s+){{1,5}}?(?:by|on|before|until)?\s*(?:{_DAY})\b",
        rf"\b(?:arrives?|leaves?|ships?|comes?)\s+(?:by|on|before)?\s*(?:{_DAY})\b",
        r"\bwithin\s+(?:\d+|an?|one|two|three|a\s+few)\s+(?:hours?|days?|weeks?)\b",
    ),
    "id": _compiled(
        r"\b(?:sampai|tiba|dikirim|selesai)\s+(?:\w+\s+){0,3}?(?:besok|lusa|hari\s+ini|senin|selasa|rabu|kamis|jumat|sabtu"
        r"|minggu|tanggal\s+\d+)\b", r"\bdalam\s+\d+\s+(?:jam|hari|minggu)\b",
    ),
    "ar": _compiled(
        r"(?:يصل|ستصل|سيصل|سنرسل\w*)\s+(?:\S+\s+){0,3}?(?:غدا|غدًا|اليوم|يوم\s+\S+)",
        r"خلال\s+\S+\s+(?:ساعات?|أيام|أسبوع)",
    ),
}  # fmt: skip
MONEY = {
    "en": _compiled(
        r"\b(?:I|we)(?:\s+(?:will|can|shall|are\s+going\s+to)|'ll|’ll)\s+(?:\w+\s+){0,3}?"
        r"(?:refund|reimburse|compensate|credit|waive)\b",
        r"\b(?:full|partial)\s+refund\b",
        r"\bfor\s+free\b",
        r"\bfree\s+of\s+charge\b",
        r"\b(?:at\s+)?no\s+(?:extra\s+)?charge\b",
        r"\byou\s+(?:will|'ll|’ll)\s+(?:get|receive|have)\s+your\s+money\s+back\b",
    ),
    "id": _compiled(
        r"\b(?:kami|saya)\s+(?:akan\s+|bisa\s+)?(?:kembalikan|mengembalikan|refund|ganti)\s+(?:\w+\s+){0,2}?"
        r"(?:uang|dana|biaya)\b",
        r"\b(?:gratis|cuma-cuma|tanpa\s+biaya)\b", r"\bpengembalian\s+(?:dana|uang)\s+penuh\b",
    ),
    "ar": _compiled(
        r"(?:سنعيد|سأعيد|نعيد|سنرد)\s+(?:\S+\s+){0,2}?(?:المبلغ|أموالك|المال)",
        r"مجانا|مجانًا",
        r"استرداد\s+كامل",
    ),
}  # fmt: skip
BLAME = {
    "en": _compiled(
        r"\byou\s+should\s+have\b",
        r"\byou\s+(?:failed|forgot|neglected)\s+to\b",
        r"\byour\s+(?:own\s+)?(?:fault|mistake)\b",
        r"\byou\s+(?:did\s+not|didn't|didn’t)\s+(?:read|follow|listen|tell|check|provide)\b",
        r"\bif\s+you\s+had\s+(?:only\s+)?\w+",
        r"\bas\s+I(?:'ve|’ve|\s+have)?\s+(?:already\s+)?(?:said|told\s+you|explained|mentioned)\b",
        r"\bcalm\s+down\b",
        r"\byou\s+(?:claim|allege)(?:d)?\b", r"\bobviously\b", r"\byou\s+(?:must|have\s+to|need\s+to)\s+understand\b",
    ),
    "id": _compiled(
        r"\b(?:kesalahan|salah)\s+(?:anda|kamu|kakak|bapak|ibu)\b", r"\banda\s+(?:seharusnya|lupa|tidak\s+membaca)\b",
        r"\bseperti\s+(?:yang\s+)?(?:sudah|telah)\s+saya\s+(?:katakan|jelaskan|bilang)\b", r"\btolong\s+tenang\b",
    ),
    "ar": _compiled(
        r"خط(?:أ|ؤ)ك",
        r"كان\s+(?:يجب\s+)?عليك",
        r"كما\s+(?:قلت|ذكرت|شرحت)\s+لك",
        r"(?:نسيت|لم\s+تقر(?:أ|ئي))\s+\S+",
        r"اهدأ",
    ),
}  # fmt: skip
# Each with what may stand there, where that is one thing.
LOOSE = {
    "can't": "cannot", "won't": "will not", "don't": "do not",
    "doesn't": "does not", "didn't": "did not", "isn't": "is not",
    "aren't": "are not", "wasn't": "was not", "haven't": "have not", "hasn't": "has not", "couldn't": "could not",
    "wouldn't": "would not", "i'm": "I am", "i'll": "I will", "i've": "I have", "we're": "we are", "we'll": "we will",
    "we've": "we have", "you're": "you are", "it's": "it is", "that's": "that is", "hi": "Hello", "hey": "Hello",
    "yeah": "yes", "yep": "yes", "nope": "no", "guys": "", "gonna": "going to", "wanna": "want to", "no worries": "",
    "no problem": "",
}  # fmt: skip
STIFF = {
    "hereby": "", "herewith": "", "pursuant to": "under", "kindly be advised": "", "please be advised": "",
    "dear sir or madam": "Hello",
    "to whom it may concern": "Hello", "at your earliest convenience": "when it suits you",
    "in respect of": "about", "with regard to": "about", "we regret to inform you": "I am sorry", "commence": "begin",
    "prior to": "before", "in order to": "to",
    "inconvenience caused": "trouble", "utilize": "use", "furthermore": "also",
}  # fmt: skip
EMOJI = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf]\ufe0f?|(?<!\\w)[:;]-?[)D(](?!\\w)")
SHOUTED = re.compile(r"!{2,}|[?!]{3,}|\b[A-Z]{4,}(?:[\s,]+[A-Z]{2,})+\b")
AMOUNT = re.compile(
    r"(?:[€$£]|EUR|USD|GBP|IDR|Rp\.?)\s?(\d[\d.,]*)|(\d[\d.,]*)\s?(?:€|EUR|USD|GBP|IDR|euros?|dollars?|pounds?|rupiah)",
    re.I,
)
SENTENCE = re.compile(r"[^.!?。؟\n]+[.!?。؟]*")
