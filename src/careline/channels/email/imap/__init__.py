"""Mail fetched by IMAP: by number and never by date, told at once where the server can, looked for where it cannot."""

from careline.channels.email.imap.fetching import begins, fetch, test
from careline.channels.email.imap.line import Line, opened
from careline.channels.email.imap.mailbox import Mailbox

__all__ = ["Line", "Mailbox", "begins", "fetch", "opened", "test"]
