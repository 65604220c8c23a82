"""Mail of earlier years, as other programs keep it: mbox files, Maildirs, single mails, the folders of an account."""

from careline.channels.email.history.account import Account
from careline.channels.email.history.files import Files

__all__ = ["Account", "Files"]
