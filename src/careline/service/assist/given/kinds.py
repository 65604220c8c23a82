"""What can be given: of the customer and good for a year, or of the matter at hand alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal, get_args

Kind = Literal["order", "email", "phone", "date", "address", "size", "name"]
KINDS: tuple[Kind, ...] = get_args(Kind)
# An order or a day belongs to a matter: in another one it has to be asked for anew.
OF_MATTER = frozenset({"order", "date"})
# As long as another talk counts as the same matter (careline.insights.effort), and as long as people stay as they are.
MATTER, LASTS = timedelta(days=7), timedelta(days=365)
