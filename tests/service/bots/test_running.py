"""A bot at work: it runs a flow, asks back, answers from an article, and gives what it cannot to a person."""

from __future__ import annotations

from typing import Any

from tests.service.bots import world


def test_it_runs_the_flow_that_is_meant_and_says_it_is_a_bot(boss: Any, inbox: Any) -> None:
    world.answer(boss, inbox)
    number = world.says(inbox, "the package still has not shown up, where is my order?")
    said = world.last(number)
    assert (said.author_kind, said.author_name) == ("bot", "Harbor bot")
    assert "number of your order" in said.body
    talk = world.talk(number)
    assert (talk.handled_by, talk.first_replied_at, talk.waiting_on) == ("bot", None, "customer")


def test_where_two_are_near_it_asks_back(boss: Any, inbox: Any) -> None:
    world.answer(boss, inbox)
    number = world.says(inbox, "there is something about my order I want to sort out")
    said = world.last(number)
    assert said.event["choices"][-1] == "Talk to a person"
    assert len(said.event["choices"]) > 1
    assert "Where my order is" in said.event["choices"]
    world.says(inbox, "where my order IS")
    assert "number of your order" in world.last(number).body
    assert world.talk(number).handled_by == "bot"


def test_what_an_article_answers_is_answered_with_its_source(boss: Any, inbox: Any) -> None:
    world.answer(boss, inbox)
    world.write_articles(boss)
    number = world.says(inbox, "there is limescale in my kettle, how do I get rid of it?")
    said = world.last(number)
    assert "citric acid" in said.body
    assert said.event["sources"] == [{"title": "Descale a kettle", "url": "/help/en/articles/descale-a-kettle"}]
    world.says(inbox, "That helped")
    assert world.talk(number).state == "resolved"


def test_what_is_little_like_an_intent_is_answered_where_an_article_fits_and_else_asked_about(
    boss: Any, inbox: Any
) -> None:
    world.answer(boss, inbox)
    world.write_articles(boss)
    number = world.says(inbox, "how do I get the white crust out of my kettle?")
    assert "citric acid" in world.last(number).body
    number = world.says(inbox, "I bought something last week and it still is not here", visitor="v2")
    assert {"Where my order is", "Talk to a person"} <= set(world.last(number).event["choices"])


def test_what_it_knows_nothing_of_goes_to_a_person_with_a_summary(boss: Any, inbox: Any) -> None:
    world.answer(boss, inbox)
    world.write_articles(boss)
    number = world.says(inbox, "Which planet has the largest volcano of the solar system?")
    talk = world.talk(number)
    assert (talk.handled_by, talk.waiting_on) == ("queue", "us")
    lines = world.thread(number)
    [note] = [one for one in lines if one.kind == "note"]
    assert "largest volcano" in note.body
    assert world.last(number).event == {"leaves": True}
    assert [one.event["reason"] for one in lines if (one.event or {}).get("verb") == "declined"] == ["unknown"]


def test_who_wants_a_person_gets_one_and_the_bot_is_silent_from_then_on(boss: Any, inbox: Any) -> None:
    world.answer(boss, inbox)
    number = world.says(inbox, "Where is my order?")
    world.says(inbox, "I would like to talk to a person.")
    assert world.talk(number).handled_by == "queue"
    before = len(world.thread(number))
    world.says(inbox, "Where is my order?")
    assert len(world.thread(number)) == before + 1


def test_whoever_is_asked_one_thing_and_plainly_wants_another_is_taken_there(boss: Any, inbox: Any) -> None:
    from careline.service.bots.models import Judged, Run

    world.answer(boss, inbox)
    number = world.says(inbox, "Where is my order?")
    first = Run.objects.get(conversation=number).version_id
    world.says(inbox, "I have no number at hand")
    assert Run.objects.get(conversation=number).version_id == first
    world.says(inbox, "I want to return my pan")
    run = Run.objects.get(conversation=number)
    assert run.version_id not in (None, first)
    assert (run.ended_at, world.talk(number).handled_by) == (None, "bot")
    assert list(Judged.objects.order_by("pk").values_list("band", flat=True)) == ["run", "run"]


def test_an_agent_who_answers_or_takes_it_has_it(boss: Any, bo: Any, inbox: Any) -> None:
    from careline.service.bots.models import Run
    from careline.service.conversations import actions

    world.answer(boss, inbox)
    first = world.says(inbox, "Where is my order?")
    actions.reply(first, actor=bo, body="Hello, I have it.")
    world.follow()
    world.says(inbox, "HH-10001")
    second = world.says(inbox, "I want to return my pan", visitor="v2")
    actions.assign(second, actor=bo, agent_id=bo.agent_id)
    world.follow()
    world.says(inbox, "1", visitor="v2")
    for number in (first, second):
        assert world.thread(number)[-1].kind == "incoming"
        assert Run.objects.get(conversation=number).outcome == "taken"


def test_an_order_is_shown_to_whoever_made_it(boss: Any, inbox: Any, ada: Any) -> None:
    from careline import touchpoints
    from careline.accounts.actor import SYSTEM

    touchpoints.record(
        "order.placed", person=ada.pk, actor=SYSTEM, source="shop", order="HH-10001", total_minor=4200, currency="EUR"
    )
    world.answer(boss, inbox)
    number = world.says(inbox, "Where is my order?")
    world.says(inbox, "It is HH-10001.")
    assert "email address" in world.last(number).body
    world.says(inbox, "ada@example.com")
    assert "HH-10001" in world.thread(number)[-2].body
    world.says(inbox, "Yes, thank you")
    assert world.talk(number).state == "resolved"
    other = world.says(inbox, "Where is my order?", visitor="v2")
    world.says(inbox, "HH-10001", visitor="v2")
    world.says(inbox, "mallory@example.com", visitor="v2")
    assert world.talk(other).handled_by == "queue"
    assert not any("on its way" in one.body for one in world.thread(other))


def test_without_a_bot_nothing_of_it_is_written(boss: Any, inbox: Any) -> None:
    from careline.service.bots.models import Run

    number = world.says(inbox, "Where is my order?")
    assert world.talk(number).handled_by == "queue"
    assert not Run.objects.exists()
    assert [one.kind for one in world.thread(number)] == ["incoming"]


def test_a_queue_gets_it_when_the_bot_gives_it_away_and_not_before(boss: Any, inbox: Any) -> None:
    from careline.service.routing.actions.queueing import Ruling, keep_queue
    from careline.service.routing.models import Waiting
    from careline.service.routing.placing import sweep

    keep_queue(Ruling(name="All"), actor=boss)
    world.answer(boss, inbox)
    number = world.says(inbox, "Where is my order?")
    world.says(inbox, "HH-10001")
    # Nor by the minutely look for what nobody heard of.
    sweep()
    assert not Waiting.objects.exists()
    world.says(inbox, "I would like to talk to a person.")
    assert Waiting.objects.get().pk == number
    assert world.talk(number).heard_seq > world.talk(number).seen_seq, "nobody of us has seen it"


def test_it_speaks_the_language_it_is_spoken_to_in(boss: Any, inbox: Any, organization: Any) -> None:
    from careline.accounts import actions as accounts
    from careline.demo import answering as demo
    from careline.service.intents import actions as intents

    accounts.update_organization(actor=boss, languages=["en", "id"])
    world.answer(boss, inbox)
    for code, said in demo.INDONESIAN.items():
        intents.phrase(code, said, actor=boss, language="id")
    number = world.says(inbox, "Halo, di mana pesanan saya? Belum datang juga")
    assert "Berapa nomor pesanan Anda?" in world.last(number).body
    world.says(inbox, "Saya mau bicara dengan orang saja")
    assert world.talk(number).handled_by == "queue"
