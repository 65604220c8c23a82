"""What stands below a mail: the mailbox's signature, with places for whoever writes; without one, their own."""

from __future__ import annotations

import re

from careline.channels.letters import Writer

# In a mailbox's signature: the name of whoever wrote the mail, and their own signature.
NAME, OWN = "{name}", "{signature}"
_PLACE = re.compile(re.escape(NAME) + "|" + re.escape(OWN))


def below(mailbox: str, writer: Writer, sender: str) -> str:
    """`sender` is the mailbox's own name, for what nobody of us wrote by hand."""
    own = writer.signature.strip()
    if not mailbox.strip():
        return own
    placed = {NAME: writer.name or sender, OWN: own}
    lines = [
        _PLACE.sub(lambda found: placed[found[0]], line)
        for line in mailbox.strip().split("\n")
        # Whoever has no signature leaves no empty line.
        if own or line.strip() != OWN
    ]
    return "\n".join(lines).strip()
