"""Whether a mailbox works: signed in to both its servers, and a mail sent there and back. What is wrong is named."""

from careline.channels.email.trials.steps import checks

__all__ = ["checks"]
