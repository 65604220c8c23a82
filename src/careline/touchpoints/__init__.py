"""The line: every moment of a customer, written once and never changed.

`record` writes in the transaction of the verb; `on` subscribes a reaction. Neither needs a model.
"""

from careline.touchpoints.actions import line_of, of_customer, record, record_many, row, unseen
from careline.touchpoints.moments import Moment
from careline.touchpoints.subscribers import on

__all__ = ["Moment", "line_of", "of_customer", "on", "record", "record_many", "row", "unseen"]
