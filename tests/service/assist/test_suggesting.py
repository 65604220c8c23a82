"""What might be answered: found where something alike was asked, without whom it was about, for who may see it."""

from __future__ import annotations

import msgspec
import pytest

from careline.kit import personal
from careline.kit.refusals import NotAllowed, NotVisible, Refused
from careline.service.assist import saving
from careline.service.assist.models import Answered, Use
from careline.service.assist.suggesting import suggest, using, wording
from careline.service.conversations import actions
from careline.service.knowledge import actions as articles
from careline.service.knowledge.shapes import Placed, Written

POSTER = "Hello Mara, we can send the poster again at no charge, it leaves the same day. Best, Bo"


def claims(actor, number):
    return [(one.source, one.claim) for one in suggest(actor, number).items]


def publish(actor, title, body, *, audience="public", phrasings=()):
    placed = Placed(audience=audience, collection_id=None, review_on=None)
    made = articles.create(
        Written(title=title, body=body, phrasings=list(phrasings)), placed, actor=actor, language="en"
    )
    articles.publish(made.pk, actor=actor)
    return made.article_id


def test_what_a_colleague_answered_is_suggested_where_something_alike_is_asked(asks, answers, learned, bo):
    answers("My poster arrived torn, what now?", POSTER)
    answers("Which shoes do you have in size 43?", "We have the Heron and the Wren in that size, both in blue.")
    learned()
    [one] = suggest(bo, asks("The poster I ordered came damaged.", name="Lin Park")).items
    assert one.words == "Hello Lin, we can send the poster again at no charge, it leaves the same day. Best, Bo"
    assert one.source == "answer"
    assert one.times == 1


def test_nothing_is_suggested_where_nothing_is_alike_and_nothing_is_asked(asks, answers, learned, bo):
    number = answers("My poster arrived torn, what now?", POSTER)
    learned()
    assert suggest(bo, asks("Do you sell gift cards for a birthday?")).items == []
    assert suggest(bo, number).items == []


def test_what_was_answered_names_nobody(answers, learned, bo):
    answers(
        "Where is it? Write to mara@private.example or call +44 20 7946 0118",
        "Dear Mara Ellingsworth, order #HX-20417 goes to someone1@example.com, call +44 20 7946 0118. Will you? Bo",
    )
    learned()
    [kept] = Answered.objects.all()
    assert kept.asked == "Where is it? Write to [EMAIL] or call [PHONE]"
    assert kept.reply == "Dear {customer}, order [NUMBER] goes to [EMAIL], call [PHONE]. Will you? {agent}"


@pytest.mark.parametrize(
    ("customer", "said"), [("Ada Moreau", "Hello Ada, I am Bo."), ("", "Hello, I am Bo.")], ids=["named", "nameless"]
)
def test_blanks_are_filled_for_whom_it_is_for(customer, said):
    assert wording.filled("Hello {customer}, I am {agent}.", customer=customer, agent="Bo Lindgren") == said


def test_an_answer_is_seen_by_who_sees_the_inbox_it_was_given_in(asks, answers, learned, elsewhere, inbox, bo, cy):
    answers("My poster arrived torn, what now?", POSTER, at=elsewhere, actor=cy)
    learned()
    number = asks("The poster I ordered came damaged.")
    assert claims(bo, number) == []
    assert [source for source, _claim in claims(cy, number)] == ["answer"]


def test_strangers_learn_nothing(asks, dee, boss):
    number = asks("The poster I ordered came damaged.")
    with pytest.raises(NotVisible):
        suggest(dee, number)
    looker = msgspec.structs.replace(boss, permissions=frozenset({"conversations.view"}))
    with pytest.raises(NotAllowed):
        suggest(looker, number)


def test_articles_come_with_their_source_and_internal_ones_are_only_read(asks, bo, cy):
    publish(cy, "Damaged goods", "Send us a photo and we replace the poster.", phrasings=["It arrived damaged"])
    publish(cy, "Damaged goods, what we may give", "Up to 20 euros.", audience="agents",
            phrasings=["Customer's goods arrived damaged"])  # fmt: skip
    shown = {one.claim: one for one in suggest(bo, asks("The poster I ordered arrived damaged.")).items}
    public = shown["Damaged goods"]
    assert public.words.startswith("Send us a photo and we replace the poster.")
    assert public.words.endswith(f"Damaged goods: http://localhost:8000{public.url}") or public.url in public.words
    assert shown["Damaged goods, what we may give"].internal
    assert shown["Damaged goods, what we may give"].words == ""


def test_kept_replies_are_found_by_what_they_mean_where_they_may_be_used(asks, bo, cy, inbox, elsewhere):
    saving.keep("Late parcel", "Hello {customer}, sorry that the parcel is late.", language="en", actor=cy)
    saving.keep("Late parcel, partners", "The parcel is late.", language="en", actor=cy, inbox_ids=[elsewhere.pk])
    [one] = suggest(bo, asks("My parcel is late, it should have been here on Monday")).items
    assert (one.source, one.claim) == ("saved", "Late parcel")
    assert one.words == "Hello Mara, sorry that the parcel is late."


def test_a_kept_reply_is_written_by_whoever_writes_articles(bo, cy):
    with pytest.raises(NotAllowed):
        saving.keep("Late", "Sorry.", language="en", actor=bo)
    saving.keep("Late", "Sorry.", language="en", actor=cy)
    with pytest.raises(Refused):
        saving.keep("late", "Sorry.", language="xx", actor=cy)
    with pytest.raises(Refused):
        saving.keep("Late", "Sorry again.", language="en", actor=cy)


def test_what_was_put_away_here_stays_away_and_sinks_elsewhere(asks, answers, learned, bo):
    answers("My poster arrived torn, what now?", POSTER)
    answers("My poster arrived torn in two", "We can refund the poster in full, that takes three days.")
    learned()
    number = asks("My poster arrived torn, what now please?")
    first, second = suggest(bo, number).items
    assert first.claim.startswith("Hello Mara")
    for _time in range(3):
        using.dismiss(asks("Torn poster"), "answer", first.item, actor=bo)
    using.dismiss(number, "answer", first.item, actor=bo)
    assert [one.item for one in suggest(bo, number).items] == [second.item]
    assert suggest(bo, asks("My poster arrived torn, what now please?")).items[0].item == second.item


def test_an_answer_made_of_a_kept_reply_speaks_for_it_in_its_present_words(asks, learned, bo, cy):
    kept = saving.keep("Torn goods", "We replace what arrived torn.", language="en", actor=cy)
    number = asks("The cardboard tube was open at one end")
    body = f"Hi! {kept.body}"
    using.reply(
        number, body, lambda: actions.reply(number, actor=bo, body=body), [(f"saved:{kept.pk}", kept.body)], actor=bo
    )
    assert Use.objects.get().act == "taken"
    learned()
    saving.keep("Torn goods", "We replace it at once.", language="en", actor=cy, saved_id=kept.pk)
    [one] = suggest(bo, asks("The cardboard tube arrived open at an end")).items
    assert (one.source, one.words) == ("saved", "We replace it at once.")


def test_what_was_changed_before_it_went_counts_as_edited_and_once(asks, bo):
    number = asks("Torn")

    def say():
        return actions.reply(number, actor=bo, body="Something else", client_id="once")

    for _time in range(2):
        using.reply(number, "Something else", say, [("answer:5", "We replace it."), ("nonsense", "x")], actor=bo)
    assert [(one.source, one.item, one.act) for one in Use.objects.all()] == [("answer", 5, "edited")]


def test_a_customer_who_is_erased_takes_their_answers_along(asks, answers, learned, bo):
    number = answers("My poster arrived torn, what now?", POSTER)
    learned()
    person = Answered.objects.get(conversation_id=number).person_id
    assert personal.export(person)["assist.Answered"][0]["conversation"] == number
    other = asks("The poster I ordered came damaged.")
    assert len(suggest(bo, other).items) == 1
    personal.erase(person)
    assert suggest(bo, other).items == []


def test_a_bot_and_a_program_teach_nothing(asks, learned, cy):
    number = asks("My poster arrived torn, what now?")
    actions.reply(number, actor=msgspec.structs.replace(cy, kind="bot"), body=POSTER)
    learned()
    assert not Answered.objects.exists()


def test_letters_are_compared_where_meanings_are_not_understood(asks, answers, learned, bo):
    answers("Poster saya datang dalam keadaan sobek, bagaimana ini?", "Kami kirim ulang poster tanpa biaya hari ini.")
    learned()
    found = suggest(bo, asks("Poster saya datang sobek, bagaimana?"))
    assert (found.understood, found.language) == (False, "id")
    assert [one.words for one in found.items] == ["Kami kirim ulang poster tanpa biaya hari ini."]


@pytest.mark.parametrize(
    ("name", "words", "plain"),
    [
        ("Will Ode", "Will you be there? Yes, Will.", "Will you be there? Yes, {customer}."),
        ("quinn", "Here it is, quinn: and a quinn is no word.", "Here it is, {customer}: and a quinn is no word."),
        ("أمل حسن", "أهلا أمل، نعتذر", "أهلا {customer}، نعتذر"),
    ],
    ids=["a word too", "written small", "no capitals"],
)
def test_a_name_is_told_from_a_word(name, words, plain):
    assert wording.plain(words, customer=name, agent="") == plain


def test_answers_that_say_the_same_are_one(asks, answers, learned, bo):
    for firm in ("Northline", "Swiftly"):
        answers(
            "My parcel is late again", f"I am sorry that it is late, {firm} has it and I have asked them where it is."
        )
    learned()
    [one] = suggest(bo, asks("The parcel is late")).items
    assert one.times == 2


def test_a_number_is_filled_in_where_there_is_one(asks, answers, learned, bo):
    answers("Where is order HX-20417?", "Order HX-20417 is with the courier, it comes today.")
    learned()
    assert suggest(bo, asks("Where is my order HX-30518 please?")).items[0].words.startswith("Order HX-30518 is")
    assert suggest(bo, asks("Where is my order please?")).items[0].words.startswith("Order [NUMBER] is")
