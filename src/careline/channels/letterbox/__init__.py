"""The slot in the house's door: mail servers bring mail by SMTP or LMTP, and it is kept before they are thanked."""

from careline.channels.letterbox.dialogue import Limits
from careline.channels.letterbox.server import Listener, configured, run, serving
from careline.channels.letterbox.slot import LARGEST, Recipient, Slot

__all__ = ["LARGEST", "Limits", "Listener", "Recipient", "Slot", "configured", "run", "serving"]
