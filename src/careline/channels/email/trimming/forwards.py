"""Blocks of headers in a text: From, Sent, To, Subject in the languages of the programs that write them."""

from __future__ import annotations

import re

_FIELDS = {
    "from": ("from", "von", "de", "da", "van", "från", "fra", "od", "lähettäjä", "kimden", "gönderen", "feladó",
    "от", "от кого", "від", "відправник", "dari", "pengirim", "من",
             "发件人", "寄件者", "寄件人", "差出人", "送信者", "보낸 사람", "보낸사람", "expéditeur", "mittente",
             "afzender", "afsender", "avsändare", "nadawca", "remitente", "od koho", "από", "expeditor"),
    "sent": ("sent", "gesendet", "gesendet am", "datum", "date", "envoyé", "envoyé le", "enviado", "enviado el",
    "enviada", "enviada em", "enviado em", "inviato", "verzonden", "skickat", "sendt",
             "wysłano", "lähetetty", "data", "fecha", "päivämäärä", "дата", "отправлено", "надіслано", "dato",
             "tarih", "gönderilme tarihi", "elküldve", "dátum", "dikirim", "tanggal", "التاريخ", "تم الإرسال",
             "发送时间", "发送日期", "日期", "寄件日期", "日時", "送信日時", "보낸 날짜", "날짜", "data wysłania",
             "odesláno", "ημερομηνία", "trimis"),
    "to": ("to", "an", "à", "para", "a", "aan", "till", "til", "do", "vastaanottaja", "kime", "alıcı", "címzett",
    "кому", "до", "kepada", "ke", "إلى", "收件人", "收件者", "宛先", "받는 사람", "받는사람",
           "destinataire", "destinatario", "adresat", "komu", "προς", "către"),
    "subject": ("subject", "betreff", "objet", "asunto", "assunto", "oggetto", "onderwerp", "ämne", "emne", "temat",
    "aihe", "konu", "tárgy", "тема", "subjek", "perihal", "judul", "الموضوع",
                "主题", "主旨", "件名", "제목", "předmět", "θέμα", "subiect"),
    "cc": ("cc", "kopie", "kopia", "copie", "copia", "copia carbon", "kopi", "копия", "копія", "抄送", "副本",
    "참조", "reply-to", "antwort an", "répondre à", "importance", "priority", "attachments", "organization",
    "x-mailer"),
}  # fmt: skip
_KNOWN = {word: kind for kind, words in _FIELDS.items() for word in words}
_LINE = re.compile(r"^[ \t>|*_]{0,8}([^\W\d_][^:：\n]{0,24}?)[ \t\xa0]?[*_]{0,3}[ \t]?[:：][*_ \t\xa0]{0,4}(.{0,998})$")
# As far as the pattern lets a name go.
_COLON_WITHIN = 40
_TITLE = re.compile(
    r"original message|forwarded (?:message|by)|begin forwarded|reply (?:message|above)|"
    r"urspr[üu]ngliche (?:nachricht|mail)|weitergeleitete nachricht|message (?:d'|d’|de )?origin|"
    r"message (?:transféré|original|initial)|courriel original|mensaje (?:original|reenviado)|mensagem (?:original|"
    r"encaminhada)|messaggio (?:originale|inoltrato)|oorspronkelijk bericht|doorgestuurd|"
    r"ursprungligt? meddelande|vidarebefordrat|oprindelig (?:meddelelse|besked)|opprinnelig melding|videresendt|"
    r"(?:oryginalna|przesłana|przekazana) wiadomo|wiadomo\S+ oryginalna|alkuperäinen viesti|"
    r"orijinal (?:mesaj|ileti)|özgün ileti|iletilen|eredeti üzenet|továbbított|исходное сообщение|пересылаемое|"
    r"пересланное|оригінальне повідомлення|переслане|pesan (?:asli|yang diteruskan|diteruskan)|"
    r"الرسالة الأصلية|原始邮件|原始郵件|转发|轉寄|转发邮件|元のメッセージ|転送|원본 메시지|전달된|původní zpráva|"
    r"přeposlaná|mesaj original|αρχικό μήνυμα", re.IGNORECASE
)  # fmt: skip
_RULED = re.compile(r"^[ \t>*|]{0,6}[-_=*~–—]{2,60}[ \t*]{0,3}([^\n]{3,60}?)[ \t*]{0,3}[-_=*~–—]{2,60}[ \t*:]{0,3}$")
_BEGIN = re.compile(
    r"^[ \t>*]{0,6}(?:begin forwarded message|anfang der weitergeleiteten (?:nachricht|e-mail)|"
    r"début du message (?:transféré|réexpédié)|inizio messaggio inoltrato|"
    r"inicio del mensaje reenviado)[ \t]?:?[ \t*]{0,3}$",
    re.IGNORECASE,
)

_BEGINNINGS = ("begin", "anfang", "début", "inizio", "inicio")
_RULES = "-_=*~–—"


def kind_of(line: str) -> str:
    """from, sent, to, subject, cc, or nothing."""
    start = line[:_COLON_WITHIN]
    if ":" not in start and "：" not in start:
        return ""
    match = _LINE.match(line)
    return _KNOWN.get(" ".join(match[1].replace("*", "").casefold().split()), "") if match else ""


def value_of(line: str) -> str:
    match = _LINE.match(line)
    return match[2].strip(" *_\t\xa0") if match else ""


def block(lines: list[str], at: int) -> int:
    """How many lines a block of headers takes that begins here; 0 when none does. Values may go on in a next line."""
    first = lines[at]
    if ":" not in first and "：" not in first and first.strip(" \t>*"):
        return 0
    found: list[str] = []
    end = at
    for number in range(at, min(len(lines), at + 14)):
        kind = kind_of(lines[number])
        if kind:
            found.append(kind)
            end = number + 1
        elif not lines[number].strip(" \t>*") or number - end >= 2:
            if number - end >= 2 or (
                found and not (number + 1 < len(lines) and kind_of(lines[number + 1]) and number < at + 3)
            ):
                break
        elif not found:
            return 0
    kinds = set(found)
    whole = "from" in kinds and len(kinds & {"sent", "to", "subject"}) >= 1 and len(found) >= 2
    if not whole or not ({"subject", "sent"} & kinds):
        return 0
    # A subject that went on in the next line belongs to it.
    while end < len(lines) and lines[end].strip() and end - at < 14:
        end += 1
    return end - at


def title(line: str) -> bool:
    """`-----Original Message-----` and its like."""
    if not 6 <= len(line) <= 200:
        return False
    if line.lstrip(" \t>*")[:6].lower().startswith(_BEGINNINGS) and _BEGIN.match(line):
        return True
    if line.lstrip(" \t>|")[:1] not in _RULES or not any(map(str.isalpha, line[:80])):
        return False
    match = _RULED.match(line)
    return bool(match and _TITLE.search(match[1]))
