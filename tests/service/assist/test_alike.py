"""Conversations about the same trouble: found, linked, answered at once, closed together; each keeps its own."""

from __future__ import annotations

import pytest

from careline.accounts.actor import Actor
from careline.customers.models import Person
from careline.kit import clock, personal
from careline.kit.refusals import NotAllowed, NotVisible, Refused
from careline.service.assist.alike import actions, queries
from careline.service.assist.models import Broadcast, Linked, Sketch
from careline.service.conversations import actions as talks
from careline.service.conversations.hot import words
from careline.service.conversations.models import Conversation, Message

pytestmark = pytest.mark.django_db
SAID = {
    "Lin": "The courier has not delivered my parcel today",
    "Ola": "My parcel was not delivered by the courier today",
    "Kim": "How do I change the password of my account?",
}


@pytest.fixture
def opened(inbox):
    """Three customers, two of them with the same trouble; by name."""
    found = {}
    for name, body in SAID.items():
        person = Person.objects.create(name=f"{name} Berg", search=name.casefold(), language="en")
        customer = Actor.customer(person.pk, inbox.pk, name=person.name)
        said = talks.open_with(
            actor=customer, inbox_id=inbox.pk, person=words.who(name=person.name), body=body, at=clock.now(),
            client_id=name,
        )  # fmt: skip
        found[name] = said.conversation_id
    return found


def test_the_same_trouble_is_found_beside_it(opened, bo, dee):
    found = queries.alike(bo, opened["Lin"])
    assert [one.row.id for one in found.found] == [opened["Ola"]]
    assert queries.alike(bo, opened["Kim"]).found == []
    with pytest.raises(NotVisible):
        queries.alike(dee, opened["Lin"])


def test_what_waits_is_sketched_by_the_clock(opened):
    actions.sketch_new()
    assert set(Sketch.objects.values_list("conversation", flat=True)) == set(opened.values())
    assert queries.unsketched() == []


def test_one_answer_goes_to_each_in_its_own_conversation_once(opened, bo):
    trouble = actions.link([opened["Lin"], opened["Ola"]], actor=bo, name="Courier")
    talks.resolve(opened["Ola"], actor=bo)
    made = actions.broadcast(trouble.pk, "Sorry {name}, it comes tomorrow.", actor=bo, once="a")
    assert (made.sent, made.left_out) == (1, 0), "what is resolved is left alone"
    assert replies() == [(opened["Lin"], "Sorry Lin, it comes tomorrow.")]
    actions.broadcast(trouble.pk, "Sorry {name}, it comes tomorrow.", actor=bo, once="a")
    assert len(replies()) == 1, "said again it reaches nobody twice"
    with pytest.raises(Refused):
        actions.broadcast(trouble.pk, "Something else", actor=bo, once="a")
    assert Broadcast.objects.count() == 1


def replies() -> list[tuple[int, str]]:
    return list(Message.objects.filter(kind="reply").order_by("conversation").values_list("conversation", "body"))


def test_they_are_closed_together(opened, bo):
    trouble = actions.link([opened["Lin"], opened["Ola"]], actor=bo, name="Courier")
    assert actions.close(trouble.pk, actor=bo) == (2, 0)
    assert Conversation.objects.live().count() == 1


def test_linking_is_told_in_each_thread_and_taken_back(opened, bo, line_of):
    trouble = actions.link([opened["Lin"]], actor=bo, name="Courier")
    actions.link([opened["Lin"], opened["Ola"]], actor=bo, incident_id=trouble.pk)
    told = [one.kind for one in line_of(Conversation.objects.get(pk=opened["Lin"]).person_id)]
    assert told.count("incident.joined") == 1, "what is linked already is not linked again"
    assert queries.incidents(bo)[0].n == 2
    actions.unlink(opened["Lin"], actor=bo)
    assert list(Linked.objects.values_list("conversation", flat=True)) == [opened["Ola"]]
    with pytest.raises(Refused):
        actions.unlink(opened["Lin"], actor=bo)


def test_who_may_not_does_not(opened, bo, dee, hire, inbox):
    trouble = actions.link([opened["Lin"]], actor=bo, name="Courier")
    looker = hire("Lo", role="analyst").as_actor((inbox.pk,))
    with pytest.raises(NotAllowed):
        actions.link([opened["Ola"]], actor=looker, incident_id=trouble.pk)
    with pytest.raises(NotAllowed):
        actions.broadcast(trouble.pk, "Sorry", actor=looker, once="a")
    for stranger_does in (
        lambda: queries.incident(dee, trouble.pk), lambda: actions.link([opened["Ola"]], actor=dee, name="X"),
        lambda: actions.broadcast(trouble.pk, "Sorry", actor=dee, once="a"),
    ):  # fmt: skip
        with pytest.raises(NotVisible):
            stranger_does()
    with pytest.raises(Refused):
        actions.link([], actor=bo, name="Courier")
    with pytest.raises(Refused):
        actions.link([opened["Ola"]], actor=bo, name=" ")


@pytest.mark.parametrize(
    ("name", "said"), [("Ada Moreau", "Dear Ada, sorry"), ("", "Dear, sorry"), ("{name} x", "Dear {name}, sorry")]
)
def test_a_name_is_filled_in_once(name, said):
    assert actions.worded("Dear {name}, sorry", name) == said


def test_what_they_meant_is_forgotten(opened):
    actions.sketch_new()
    lin = Conversation.objects.get(pk=opened["Lin"])
    personal.erase(lin.person_id)
    assert not Sketch.objects.filter(conversation=lin.pk).exists()
