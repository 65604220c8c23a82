"""What is new in a mail: quotes, signatures and passed-on mails told apart in many programs' ways."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careline.channels.email.trimming import plain, rich, trimmed

NEW = "Thank you, that helped.\n\nOne more thing: where is my bill?"
WROTE = {
    "Gmail": "On Mon, Mar 2, 2026 at 10:00 AM Careline Help <help@example.org> wrote:",
    "Gmail, folded": "On Mon, Mar 2, 2026 at 10:00 AM Careline Help\n<help@example.org>\nwrote:",
    "Apple": "On 2 Mar 2026, at 10:00, Careline Help <help@example.org> wrote:",
    "German": "Am Mo., 2. März 2026 um 10:00 Uhr schrieb Careline Help <help@example.org>:",
    "French": "Le lun. 2 mars 2026 à 10:00, Careline Help <help@example.org> a écrit :",
    "Spanish": "El lun, 2 mar 2026 a las 10:00, Careline Help (<help@example.org>) escribió:",
    "Portuguese": "Em seg., 2 de mar. de 2026 às 10:00, Careline Help <help@example.org> escreveu:",
    "Italian": "Il giorno lun 2 mar 2026 alle ore 10:00 Careline Help <help@example.org> ha scritto:",
    "Dutch": "Op ma 2 mrt 2026 om 10:00 schreef Careline Help <help@example.org>:",
    "Swedish": "Den mån 2 mars 2026 kl 10:00 skrev Careline Help <help@example.org>:",
    "Polish": "pon., 2 mar 2026 o 10:00 Careline Help <help@example.org> napisał(a):",
    "Russian": "пн, 2 мар. 2026 г. в 10:00, Careline Help <help@example.org>:",
    "Indonesian": "Pada tanggal Sen, 2 Mar 2026 pukul 10.00 Careline Help <help@example.org> menulis:",
    "Arabic": "في الاثنين، 2 مارس 2026 في 10:00 ص تمت كتابة ما يلي بواسطة Careline Help <help@example.org> كتب:",
    "Chinese": "Careline Help <help@example.org> 于2026年3月2日周一 10:00写道：",
    "Japanese": "2026年3月2日(月) 10:00 Careline Help <help@example.org>:",
    "Turkish": "Careline Help <help@example.org>, 2 Mar 2026 Pzt, 10:00 tarihinde şunu yazdı:",
}
ASKED = "> Hello Ada,\n>\n> is it working now?\n"


@pytest.mark.parametrize("wrote", WROTE.values(), ids=WROTE)
def test_an_answer_above_the_quote(wrote: str):
    found = plain(f"{NEW}\n\n{wrote}\n\n{ASKED}")
    assert found.reply == NEW
    assert found.quoted.startswith(wrote.split("\n", maxsplit=1)[0])


@pytest.mark.parametrize("wrote", WROTE.values(), ids=WROTE)
def test_an_answer_above_what_is_not_marked(wrote: str):
    assert plain(f"{NEW}\n\n{wrote}\n\nHello Ada,\n\nis it working now?\n").reply == NEW


def test_an_answer_below_the_quote():
    assert plain(f"{WROTE['Gmail']}\n\n{ASKED}\n{NEW}\n").reply == NEW


def test_answers_in_between_keep_what_they_answer():
    found = plain(f"{WROTE['Gmail']}\n> Is it on?\n\nYes.\n\n> Is it warm?\n\nNo.\n\n> Regards\n")
    assert found.reply == "> Is it on?\n\nYes.\n\n> Is it warm?\n\nNo."


HEADERS = {
    "English": ("From", "Sent", "To", "Subject"), "German": ("Von", "Gesendet", "An", "Betreff"),
    "French": ("De", "Envoyé", "À", "Objet"), "Indonesian": ("Dari", "Dikirim", "Kepada", "Subjek"),
    "Arabic": ("من", "تم الإرسال", "إلى", "الموضوع"), "Chinese": ("发件人", "发送时间", "收件人", "主题"),
    "Spanish": ("De", "Enviado", "Para", "Asunto"), "Japanese": ("差出人", "送信日時", "宛先", "件名"),
}  # fmt: skip


@pytest.mark.parametrize("names", HEADERS.values(), ids=HEADERS)
def test_what_outlook_writes_above_a_quote(names: tuple[str, ...]):
    values = ("Help <help@example.org>", "Monday, March 2, 2026 10:00", "Ada", "Your order")
    block = "\n".join(f"{name}: {value}" for name, value in zip(names, values, strict=True))
    assert plain(f"{NEW}\n\n________________________________\n{block}\n\nHello Ada\n").reply == NEW
    assert plain(f"{NEW}\n\n{block}\n\nHello Ada\n").reply == NEW


@pytest.mark.parametrize(
    "line",
    ["-----Original Message-----", "-------- Ursprüngliche Nachricht --------", "-----Message d'origine-----",
    "-----原始邮件-----",
     "---------- Forwarded message ---------", "Begin forwarded message:"],
)  # fmt: skip
def test_lines_that_begin_another_mail(line: str):
    assert plain(f"{NEW}\n\n{line}\nHello Ada\n").reply == NEW


def test_a_mail_passed_on_names_its_author():
    found = plain(
        "---------- Forwarded message ---------\nFrom: Eve <eve@example.net>\nDate: Mon, 2 Mar 2026\nSubject: "
        "Help\nTo: bo\n\nMy order is late.\n"
    )
    assert found.reply == "My order is late."
    assert found.forwarded is not None
    assert found.forwarded.address == "eve@example.net"


SIGNED = ["-- \nAda\n+62 21 555", "--\nAda", "Sent from my iPhone", "Gesendet von meinem Handy",
    "Dikirim dari iPhone saya", "-Ada",
          "_____________________\nfriends mailing list\nfriends@lists.example.com",
          "Get Outlook for iOS<https://aka.ms/x>", "发自我的 iPhone"]  # fmt: skip


@pytest.mark.parametrize("signature", SIGNED)
def test_signatures_are_apart(signature: str):
    found = plain(f"{NEW}\n\n{signature}\n\n{WROTE['Gmail']}\n{ASKED}")
    assert (found.reply, found.signature) == (NEW, signature)


WHOLE = [
    "On average, this works well.\n\nOn the other hand, we wrote:\n\na b c",
    "Because of:\n-- first point\n-- second point\n\nThanks",
    "Stuff -- this is no signature.\n\nkthx",
    "Sent from my desk, which is much easier than my phone.",
    "```\n# code\n####\n-- \n> x\n```\n\nEnd.",
    "| a | b |\n|---|---|\n| 1 | 2 |\n\nAbove is the table.",
    "- A\n- B\n- C",
    "From: the start to the end it was good.\nTo: you I say thanks.",
    "Title\n=====\n\nA long paragraph about something that goes on\n\n---\n\nand another paragraph that ends here",
    "> only a quote",
]


@pytest.mark.parametrize("text", WHOLE)
def test_what_only_looks_like_it_stays_whole(text: str):
    assert plain(text).reply == text


@pytest.mark.parametrize(
    ("html", "new"),
    [
        (
            '<div>Thanks</div><div class="gmail_quote gmail_quote_container"><div class="gmail_attr">On x wrote:</div>'
            "<blockquote>Hi</blockquote></div>",
            "Thanks",
        ),
        (
            '<div>Thanks</div><div class="moz-cite-prefix">On x wrote:</div><blockquote type="cite">Hi</blockquote>',
            "Thanks",
        ),
        (
            '<div>Thanks</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg">From: x</div><div>Hi</div>',
            "Thanks",
        ),
        (
            '<p>Thanks</p><div style="border:none;border-top:solid #E1E1E1 1.0pt"><p><b>From:</b> x</p></div><p>Hi</p>',
            "Thanks",
        ),
        ('<p>Thanks</p><div class="protonmail_quote">Hi</div>', "Thanks"),
        (
            '<p>Thanks</p><div class="gmail_signature" data-smartmail="gmail_signature">Ada</div>'
            '<div class="yahoo_quoted">Hi</div>',
            "Thanks",
        ),
        ('<blockquote type="cite">Hi</blockquote><p>Thanks</p>', "Thanks"),
        (
            '<blockquote type="cite">One</blockquote>Yes<blockquote type="cite">Two</blockquote>No',
            "One\n\nYes\n\nTwo\n\nNo",
        ),
        ('<div class="gmail_quote">only a quote</div>', "only a quote"),
        ("<p>a < b and <i>so on", "a < b and so on"),
    ],
)
def test_html(html: str, new: str):
    reply, of_html = trimmed("", html)
    assert reply.reply == new
    assert of_html is not None


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from([NEW, ASKED, *WROTE.values(), *SIGNED, "From: a@b.c", "Subject: x", "", "> ", "```"])
        | st.text(max_size=30),
        max_size=12,
    )
)
def test_nothing_is_lost_and_nothing_is_added(pieces: list[str]):
    text = "\n".join(pieces)
    found = plain(text)
    lines = [line.strip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    parts = [line.strip() for part in (found.reply, found.quoted, found.signature) for line in part.split("\n")]
    unseen = " \t\xa0ᐧ\u200b\u200c\ufeff"
    assert sorted(line for line in parts if line.strip(unseen)) == sorted(line for line in lines if line.strip(unseen))


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="<>/ab\"'= -!cite", max_size=200))
def test_any_html_is_cut_without_loss(html: str):
    found = rich.trimmed(html)
    assert sum(map(len, (found.reply, found.quoted, found.signature))) == len(html)


@pytest.mark.parametrize(
    "piece", ["> " * 40 + "\n", "On Jan 1 2020 a@b.c \n", "-- a\n", "From: a\n", "_" * 70 + "\n", "a" * 500 + " "]
)
def test_the_work_grows_with_the_length_alone(piece: str, steps: object):
    few, many = (steps(lambda n=n: plain(piece * n)) for n in (200, 800))  # type: ignore[operator]
    assert many <= 6 * few
