"""What is written to the demo company by mail, and what it answers; written for it, taken from nobody."""

from __future__ import annotations

import msgspec


class Letter(msgspec.Struct, frozen=True):
    """One mail of a thread, so many hours after the one before."""

    said: str
    # Who of us wrote it; the customer when nobody, `shop` for the shop's own system.
    by: str = ""
    after: float = 0
    # Files that lie beside it, or in it; and whom the customer passes on, for a mail that is forwarded.
    files: tuple[str, ...] = ()
    passes_on: str = ""
    automatic: bool = False


class Thread(msgspec.Struct, frozen=True):
    """`days` before today it began. `program` is what the customer writes with: gmail, outlook, apple or plain."""

    subject: str
    days: float
    letters: tuple[Letter, ...]
    language: str = "en"
    program: str = "gmail"
    # A name and an address of somebody who is no customer of the shop's site; with the words below their mails.
    writer: tuple[str, str] = ("", "")
    signature: str = ""
    copies: tuple[str, ...] = ()
    agent: str = ""


INVOICE = Thread(
    "Invoice for HH-48213", 61.2, (
        Letter("Hello,\n\ncould you send me the invoice for order HH-48213 once more, made out to the firm? Our bookkeeper needs the tax number on it: GB 918 2043 77.\n\nThank you!"),
        Letter("Hello {first},\n\nhere it is, with the firm's name and the tax number. It also lies in your account under Orders from now on.", by="tomas", after=2.4, files=("invoice-HH-48213.pdf",)),
        Letter("Perfect, that was quick. Have a good day.", after=1.1),
    ), program="outlook", agent="tomas",
)  # fmt: skip
CRACKED = Thread(
    "Teapot arrived with a crack", 44.6, (
        Letter("Hi there,\n\nthe blue teapot came this morning. The box looks fine, but there is a crack from the rim down to the handle, see the photo. I have not poured anything into it.\n\nCan I have another one?", files=("teapot.png",)),
        Letter("Hello {first},\n\nthank you for the photo, that is clear enough: a new one leaves today. Please keep or bin the broken one, just do not use it.", by="karim", after=3.2),
        Letter("Wonderful, thank you. Should I take a photo of the wrapping too? It was rather thin.", after=15.5),
        Letter("Yes please, one is enough. I will show it to the people who pack.", by="karim", after=1.3),
        Letter("Here you are. The new one has come by the way, and it is whole.", after=49.0, files=("wrapping.png",)),
    ), program="apple", agent="karim",
)  # fmt: skip
CONFIRMED = Thread(
    "Your order HH-51877 is confirmed", 38.3, (
        Letter("Thank you for your order, {first}.\n\nIt leaves tomorrow and should be with you on Thursday.\n\nCoffee mill, walnut: 65.00 €\nLinen apron: 34.00 €\nTotal: 99.00 €", by="shop", files=("confirmation",)),
        Letter("Hello, I have just seen that this goes to my old address. Could you send it to 14 Orchard Rise instead? The name stays the same.", after=0.6),
        Letter("Just in time, {first}: it goes to 14 Orchard Rise. Everything else stays as it was.", by="tomas", after=0.7),
        Letter("Thanks!", after=0.2),
    ), agent="tomas",
)  # fmt: skip
WHOLESALE = Thread(
    "Forty cast iron pans for our kitchens", 33.5, (
        Letter("Dear Sir or Madam,\n\nwe run three small hotels on the coast and would like to replace the pans in all of our kitchens: about forty pieces, 28 cm, by the end of next month.\n\nDo you give a discount from a certain number on? And can the delivery be split between three addresses?"),
        Letter("Dear {first},\n\nfor forty pans we can take 15 % off, and three addresses are no trouble. The first twenty could leave next Tuesday, the others a week later.\n\nShall I send you an offer?", by="ines", after=21.0),
        Letter("That sounds good. An offer to all three houses, please; my colleague in copy does the ordering.", after=26.0),
        Letter("It is on its way to both of you. It holds for thirty days.", by="ines", after=4.5, files=("offer-2207.pdf",)),
    ), program="outlook", writer=("Marit Sundgren", "marit.sundgren@threeharbors.example"),
    signature="Marit Sundgren\nPurchasing, Three Harbors Hotels\n+44 20 7946 0182",
    copies=("orders@threeharbors.example",), agent="ines",
)  # fmt: skip
PASSED_ON = Thread(
    "Fwd: We missed you today", 27.8, (
        Letter("What am I to do about this one? I was at home all day, and nobody rang.",
               passes_on="We tried to deliver your parcel 7730 1182 today between 10:00 and 12:00, but nobody was in.\n\nYour parcel waits at our depot until Friday. Please bring this message and your passport."),
        Letter("Hello {first},\n\nplease do not drive to the depot. I have asked them to come again tomorrow between five and seven, and they have my number as well.", by="sari", after=1.9),
        Letter("They came at six. Thank you for taking care of it.", after=25.5),
    ), agent="sari",
)  # fmt: skip
AWAY = Thread(
    "Return of two stock pots", 21.4, (
        Letter("Hello,\n\nwe ordered five stock pots and need three. May we send two back, unused and in their boxes?"),
        Letter("Hello {first},\n\nof course. The label is attached; the money is with you three days after they are here.", by="karim", after=5.0, files=("return-label.pdf",)),
        Letter("Thank you for your message. I am out of the office until Monday and read my mail when I am back.\nIn urgent cases please write to kitchen@lindencafe.example.", after=0.02, automatic=True),
        Letter("Back again. The pots left this morning, thanks for the label.", after=92.0),
    ), program="outlook", writer=("Oskar Lind", "oskar@lindencafe.example"), signature="Oskar Lind\nCafé Linden", agent="karim",
)  # fmt: skip
SEASONING = Thread(
    "How do I season the pan again?", 17.1, (
        Letter("Good evening, I let my cast iron pan soak overnight (I know) and now there is rust on it. Is it lost?"),
        Letter("Good evening {first},\n\nnot at all. Scrub it with steel wool until it is grey, dry it on the hob, rub a thin film of oil on every side and leave it in the oven at 220 degrees for an hour, upside down. Twice, if you have the patience.", by="tomas", after=13.0),
        Letter("It is black and shiny again. You have saved my pancakes.", after=40.0),
    ), program="plain", agent="tomas",
)  # fmt: skip
LABEL = Thread(
    "Where is my refund?", 12.9, (
        Letter("I sent the coffee mill back nine days ago and have heard nothing since. The parcel page says it was signed for."),
        Letter("Hello {first},\n\nyou are right, it lies here and nobody had booked it. I am sorry. The money left a minute ago and needs two working days.", by="karim", after=4.0),
        Letter("It is there. Next time please before I ask.", after=50.0),
    ), program="apple", agent="karim",
)  # fmt: skip
GIFT = Thread(
    "Gift card for two people", 6.3, (
        Letter("Hi! Two colleagues want to give one gift card together. Can both names stand on it?"),
        Letter("Hi {first},\n\nthey can: write both names into the first line, it takes forty letters.", by="tomas", after=1.5),
        Letter("Great, ordered!", after=0.5),
    ), agent="tomas",
)  # fmt: skip
PESANAN = Thread(
    "Pesanan HH-49120 belum sampai", 30.2, (
        Letter("Selamat siang,\n\npesanan saya HH-49120 seharusnya tiba hari Selasa, tetapi sampai sekarang belum ada kabar. Mohon dicek."),
        Letter("Selamat siang {first},\n\nmohon maaf atas keterlambatannya. Paketnya tertahan di gudang kurir. Besok pagi dikirim, dan saya kabari lagi begitu sudah jalan.", by="sari", after=2.2),
        Letter("Baik, terima kasih. Saya tunggu kabarnya.", after=0.9),
        Letter("Paketnya sudah di mobil kurir dan tiba hari ini sebelum jam lima.", by="sari", after=18.0),
        Letter("Sudah sampai dengan selamat. Terima kasih banyak!", after=7.5),
    ), language="id", agent="sari",
)  # fmt: skip
GARANSI = Thread(
    "Pertanyaan garansi wajan besi", 9.7, (
        Letter("Halo, gagang wajan saya mulai goyang setelah delapan bulan. Apakah masih masuk garansi?\n\nFotonya saya lampirkan.", files=("pan.png",)),
        Letter("Halo {first},\n\nmasih, garansinya sepuluh tahun. Sekrup baru saya kirim hari ini; kalau gagangnya tetap goyang, wajannya kami ganti.", by="sari", after=6.0),
        Letter("Sekrupnya pas, gagangnya sudah kencang lagi. Terima kasih.", after=75.0),
    ), language="id", program="apple", agent="sari",
)  # fmt: skip
FATURA = Thread(
    "فاتورة الطلب HH-50366", 24.9, (
        Letter("مرحبا،\n\nأحتاج إلى فاتورة الطلب HH-50366 باسم الشركة مع الرقم الضريبي. هل يمكن إرسالها اليوم؟"),
        Letter("أهلا {first}،\n\nالفاتورة مرفقة باسم الشركة، وستجدها أيضا في حسابك تحت الطلبات.", by="karim", after=1.6, files=("invoice-HH-50366.pdf",)),
        Letter("وصلت، شكرا جزيلا على السرعة.", after=0.8),
    ), language="ar", agent="karim",
)  # fmt: skip
TABDIL = Thread(
    "استبدال إبريق الشاي", 14.4, (
        Letter("السلام عليكم،\n\nاشتريت إبريق شاي أزرق، لكن اللون لا يناسب المطبخ. هل يمكن استبداله باللون الأبيض؟ لم يُستعمل بعد."),
        Letter("وعليكم السلام {first}،\n\nنعم، بكل سرور. أرسلت لك ملصق الإرجاع، والإبريق الأبيض يخرج اليوم دون انتظار.", by="karim", after=3.0),
        Letter("شكرا لكم، وصل الأبيض وهو أجمل.", after=70.0),
    ), language="ar", program="apple", agent="karim",
)  # fmt: skip
# Brought from the mailbox as it was.
EARLIER = (
    INVOICE, CRACKED, CONFIRMED, PASSED_ON, PESANAN, FATURA, WHOLESALE, AWAY, SEASONING, LABEL, GIFT, GARANSI, TABDIL,
)  # fmt: skip
# Nobody has answered them yet.
TODAY = (
    Thread(
        "Knife guard missing", 0.21, (
            Letter("Hello,\n\nthe chef's knife came today, sharp as promised, but without the wooden guard in the picture. With two small children in the house I would rather not leave it lying around.\n\nCould you send the guard after it?"),
        ),
    ),
    Thread(
        "Alamat pengiriman baru", 0.13, (
            Letter("Halo, mulai minggu depan saya pindah. Tolong kirim pesanan HH-52740 ke alamat baru: Jalan Melati 8, Bandung. Terima kasih."),
        ), language="id",
    ),
    Thread(
        "موعد توصيل الطلب HH-52811", 0.08, (
            Letter("مرحبا، هل يمكن تأجيل توصيل الطلب HH-52811 إلى يوم السبت؟ لن يكون أحد في البيت قبل ذلك.\n\nشكرا لكم."),
        ), language="ar", program="apple",
    ),
)  # fmt: skip
# Our answer comes back: nobody of this name is there.
BOUNCED = Thread(
    "Do you repair enamel?", 0.36, (
        Letter("Good morning, the enamel of my kettle has chipped where the lid sits. Is that something you repair, or can live with?"),
        Letter("Good morning {first},\n\nwe cannot repair enamel, but the chip does no harm as long as it sits outside. If it is within the kettle, please send us a photo and we look for a way.", by="tomas", after=0.8),
    ), program="plain", writer=("Henrike Albers", "henrike.alberts@post.example"), agent="tomas",
)  # fmt: skip
# Passed on by us to whoever brings the parcels.
ASKED_ABOUT = Thread(
    "Parcel in front of the wrong door", 0.55, (
        Letter("Hello, according to the parcel page HH-52102 was «left in a safe place» yesterday. It is not at my door, nor at my neighbors'. Who signed for it?"),
    ), program="outlook", agent="ines",
)  # fmt: skip
CARRIER = ("Blue Van claims", "claims@bluevan.example")
COMMENT = "Good morning,\n\nyour driver left this parcel somewhere yesterday. Please tell us where, and who signed for it; we answer the customer today."
