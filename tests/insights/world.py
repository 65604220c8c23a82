"""What there is of every customer, read plainly and once: what slow references look at."""

from __future__ import annotations

from collections import defaultdict

from careline.customers import queries
from careline.customers.models import Person, Trait
from careline.service.conversations.models import Conversation, Message
from careline.touchpoints.models import Touchpoint


class World:
    """Of each customer, by the id that stands for them, what happened under any of their ids, in its order."""

    def __init__(self) -> None:
        self.people = queries.whole(list(Person.objects.known()))
        self.owners = {person: one.pk for one in self.people for person in one.ids}
        self.moments = self._of_each(Touchpoint.objects.order_by("occurred_at", "id"))
        self.traits = self._of_each(Trait.objects.order_by("at", "pk"))
        self.talks = self._of_each(Conversation.objects.order_by("pk"))
        self.lines = defaultdict(list)
        for line in Message.objects.order_by("seq"):
            self.lines[line.conversation_id].append(line)

    def _of_each(self, rows):
        found = defaultdict(list)
        for row in rows:
            if row.person_id in self.owners:
                found[self.owners[row.person_id]].append(row)
        return found
