"""Articles are written, published, moved and put away; two who write at once lose nothing."""

from __future__ import annotations

import pytest

from careline.kit.refusals import Conflicting, NotAllowed, NotVisible, Refused
from careline.service.knowledge import actions, hot, queries
from careline.service.knowledge.models import Asked, Edition, Passage, Redirect, Translation, Version
from careline.service.knowledge.shapes import Placed, Written

PUBLIC = {"audiences": ["public"], "language": "en"}


def shown(slug):
    return hot.SHOWN.one(slug=slug, **PUBLIC)


def test_readers_see_what_is_published_and_not_what_is_being_written(write, cy):
    one = write("Send it back", "Within 30 days.", live=False)
    assert shown("send-it-back") is None
    actions.publish(one.pk, actor=cy)
    actions.change(one.pk, Written(title="Send it back", body="Within 14 days."), revision=1, actor=cy)
    assert "30 days" in shown("send-it-back").html
    actions.publish(one.pk, actor=cy)
    assert "14 days" in shown("send-it-back").html
    assert [one.number for one in queries.versions(cy, one.pk)] == [2, 1]


def test_two_who_write_at_once_are_told_and_both_are_kept(write, cy, boss):
    one = write("Send it back")
    actions.change(one.pk, Written(title="Send it back", body="By the first."), revision=1, actor=cy)
    with pytest.raises(actions.Clashed) as told:
        actions.change(one.pk, Written(title="Send it back", body="By the second."), revision=1, actor=boss)
    assert Translation.objects.get().body == "By the first."
    aside = queries.version(cy, one.pk, told.value.version)
    assert (aside.aside, aside.body, aside.written_by) == (True, "By the second.", boss.agent_id)
    # What lies aside is never what is published.
    actions.publish(one.pk, actor=cy)
    assert "By the first." in shown("send-it-back").html


def test_an_address_that_changed_leads_on_and_never_in_a_circle(write, cy):
    one = write("Send it back")
    actions.change(one.pk, Written(title="Return it", slug="return-it"), revision=1, actor=cy)
    assert hot.LED.one(slug="send-it-back", **PUBLIC) == hot.Led("en", "return-it")
    actions.change(one.pk, Written(title="Send it back", slug="send-it-back"), revision=2, actor=cy)
    assert hot.LED.one(slug="send-it-back", **PUBLIC) is None
    assert hot.LED.one(slug="return-it", **PUBLIC) == hot.Led("en", "send-it-back")
    assert Redirect.objects.count() == 1


def test_a_taken_address_is_refused_and_one_made_of_a_title_goes_on_counting(write, cy):
    write("Send it back")
    with pytest.raises(Conflicting, match="address") as told:
        write("Other", slug="send-it-back")
    assert told.value.field == "slug"
    assert write("Send it back").slug == "send-it-back-2"
    other = write("Third")
    with pytest.raises(Conflicting):
        actions.change(other.pk, Written(title="Third", slug="send-it-back"), revision=1, actor=cy)
    with pytest.raises(Conflicting):
        actions.redirect(other.pk, "/help/en/articles/send-it-back", actor=cy)


def test_what_was_put_away_leads_to_what_replaces_it(write, cy):
    old, middle, new = write("Old"), write("Middle"), write("New")
    actions.archive(old.article_id, actor=cy, replaced_by=middle.article_id)
    actions.archive(middle.article_id, actor=cy, replaced_by=new.article_id)
    assert shown("old") is None
    assert hot.LED.one(slug="old", **PUBLIC) == hot.Led("en", "new")
    with pytest.raises(Refused, match="circle"):
        actions.archive(new.article_id, actor=cy, replaced_by=old.article_id)
    actions.restore(old.article_id, actor=cy)
    assert shown("old") is not None


def test_a_circle_made_behind_our_back_still_ends(write, cy):
    old, new = write("Old"), write("New")
    actions.archive(old.article_id, actor=cy, replaced_by=new.article_id)
    type(new.article).objects.filter(pk=new.article_id).update(archived_at=new.changed_at, replaced_by=old.article_id)
    assert hot.LED.one(slug="old", **PUBLIC) is None


def test_who_sees_what(write, cy, bo, dee, ada, inbox, stranger):
    from careline.accounts.actor import Actor

    for audience in ("public", "customers", "agents"):
        write(f"For {audience}", audience=audience)

    def titles(actor):
        from careline.service.knowledge.readers import audiences

        return {one.title for one in hot.POPULAR.all(audiences=audiences(actor), language="en", limit=9)}

    assert titles(stranger) == {"For public"}
    assert titles(Actor.customer(ada.pk, inbox.pk)) == {"For public", "For customers"}
    assert titles(dee) == {"For public", "For customers", "For agents"}
    with pytest.raises(NotVisible):
        queries.article(stranger, Translation.objects.first().article_id)
    with pytest.raises(NotAllowed):
        actions.create(Written(title="Mine"), Placed(), actor=bo, language="en")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"title": " "}, "title"), ({"title": "x" * 201}, "title"), ({"title": "T", "body": "x" * 1_000_000}, "body"),
        ({"title": "T\0"}, "title"), ({"title": "T", "slug": "///"}, "slug"),
        ({"title": "T", "summary": "\ud800"}, "summary"),
        ({"title": "T", "phrasings": tuple(f"{n}" for n in range(51))}, "phrasings"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_refused_at_its_field(cy, given, field):
    with pytest.raises(Refused) as told:
        actions.create(Written(**given), Placed(), actor=cy, language="en")
    assert told.value.field == field


def test_an_article_for_others_is_found_by_others(write, cy):
    one = write("Send it back", "Within 30 days.")
    kept = list(Passage.objects.values_list("pk", flat=True))
    actions.place(one.article_id, Placed(audience="agents"), actor=cy)
    assert shown("send-it-back") is None
    assert not set(kept) & set(Passage.objects.values_list("pk", flat=True))


def test_languages_that_are_missing_or_behind(write, cy):
    one = write("Send it back")
    assert queries.missing(cy)[0].states == {"en": "published", "id": "", "ar": ""}
    other = actions.translate(
        one.article_id, Written(title="Kirim kembali", body="Dalam 30 hari."), actor=cy, language="id"
    )
    actions.publish(other.pk, actor=cy)
    actions.change(one.pk, Written(title="Send it back", body="Within 14 days."), revision=1, actor=cy)
    actions.publish(one.pk, actor=cy)
    assert queries.missing(cy)[0].states == {"en": "published", "id": "old", "ar": ""}


def test_a_published_article_stays_and_a_draft_may_go(write, cy):
    draft, live = write("Draft", live=False), write("Live")
    actions.drop_translation(draft.pk, actor=cy)
    with pytest.raises(Conflicting, match="put the article away"):
        actions.drop_translation(live.pk, actor=cy)
    actions.withdraw(live.pk, actor=cy)
    assert (Edition.objects.count(), Translation.objects.count(), Version.objects.count()) == (0, 1, 1)


def test_a_verdict_counts_once_and_may_be_changed(write, stranger):
    write("Send it back")
    edition = Edition.objects.get()
    for helped in (True, True, False):
        actions.judge(edition.pk, actor=stranger, helped=helped, once="page-1")
    actions.judge(edition.pk, actor=stranger, helped=False, once="page-1", reason="unclear", words="Which form?")
    edition.refresh_from_db()
    assert (edition.helped, edition.failed) == (0, 1)
    with pytest.raises(Refused):
        actions.judge(edition.pk, actor=stranger, helped=False, once="page-2", reason="boring")


def test_nobody_judges_what_they_may_not_read(write, stranger):
    write("Inner", audience="agents")
    with pytest.raises(NotVisible):
        actions.judge(Edition.objects.get().pk, actor=stranger, helped=True, once="page-1")
    assert not Asked.objects.exists()
