"""What is new in a mail, apart from what it quotes and how it is signed; the whole is kept elsewhere."""

from __future__ import annotations

from careline.channels.email import markup
from careline.channels.email.trimming import rich
from careline.channels.email.trimming.plain import Reply
from careline.channels.email.trimming.plain import trimmed as plain

__all__ = ["Reply", "plain", "trimmed"]


def trimmed(text: str, html: str = "", *, made_of_html: bool | None = None) -> tuple[Reply, Reply | None]:
    """The text, and the HTML when there is one. A mail without a text of its own is trimmed by its HTML."""
    if not html:
        return plain(text), None
    of_html = rich.trimmed(html)
    if made_of_html is None:
        made_of_html = not text.strip() or text.strip() == markup.words(html).strip()
    if not made_of_html:
        return plain(text), of_html
    whole = of_html.reply == html and bool(text.strip())
    words = plain(text if whole else markup.words(of_html.reply))
    quoted = "\n\n".join(part for part in (words.quoted, markup.words(of_html.quoted)) if part)
    signature = "\n\n".join(part for part in (words.signature, markup.words(of_html.signature)) if part)
    return Reply(words.reply, quoted, signature, words.forwarded), of_html
