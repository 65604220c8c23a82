"""Where articles are written: what two write at once is both there, and what is missing is one click from a draft."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from careline.service.knowledge import counting
from careline.service.knowledge.models import Article, Asked, Picture, Translation
from tests.service.knowledge.test_bringing import PNG, zipped


@pytest.fixture
def desk(browser_of, cy):
    return browser_of(cy)


def test_an_article_is_written_previewed_and_published(desk, client):
    form = {"title": "Send it back", "body": "Within **30** days.", "language": "en", "phrasings": "refund\nmoney back"}
    made = desk.post("/knowledge/new", form)
    one = Translation.objects.get()
    assert made["Location"] == f"/knowledge/{one.article_id}?done=made"
    assert one.phrasings == ["refund", "money back"]
    assert "<strong>30</strong>" in desk.post("/knowledge/preview", {"body": one.body}).content.decode()
    path = f"/knowledge/{one.article_id}"
    desk.post(path, form | {"what": "publish", "revision": "1"})
    assert client.get("/help/en/articles/send-it-back").status_code == 200
    assert "Send it back" in desk.get("/knowledge").content.decode()


def test_whoever_comes_second_sees_both(desk, browser_of, boss, write):
    one = write("Send it back")
    path = f"/knowledge/{one.article_id}"
    form = {"what": "keep", "title": "Send it back", "revision": "1"}
    assert desk.post(path, form | {"body": "By the first."}).status_code == 302
    late = browser_of(boss).post(path, form | {"body": "By the second."})
    page = late.content.decode()
    assert late.status_code == 409
    assert "By the second." in page
    assert 'name="revision" value="2"' in page
    compared = desk.get(f"{path}/versions?version=3").content.decode()
    assert "<del>By the second.</del>" in compared
    assert "<ins>By the first.</ins>" in compared
    desk.post(f"{path}/versions", {"version": "3", "revision": "2"})
    assert Translation.objects.get().body == "By the second."


def test_a_refused_article_keeps_what_was_written(desk, write):
    write("Send it back")
    page = desk.post(
        "/knowledge/new", {"title": "Other", "slug": "send-it-back", "body": "My words.", "language": "en"}
    )
    assert page.status_code == 409
    assert "My words." in page.content.decode()
    assert "address already" in page.content.decode()


def test_an_article_of_a_megabyte_is_refused_with_its_size(desk):
    page = desk.post("/knowledge/new", {"title": "Long", "body": "x" * 1_000_000, "language": "en"})
    assert (page.status_code, Article.objects.exists()) == (422, False)
    assert "200,000" in page.content.decode()


def test_a_gap_is_one_click_from_a_draft_that_settles_it(desk, organization):
    for words in ("gift cards", "gift card"):
        counting.count(words, "en", "help", 0)
    page = desk.get("/knowledge/gaps").content.decode()
    link = page.split('href="/knowledge/new?')[1].split('"')[0].replace("&amp;", "&")
    draft = desk.get(f"/knowledge/new?{link}").content.decode()
    assert 'value="Gift card' in draft
    assert draft.count('name="settles"') == 2
    settles = [one.words for one in Asked.objects.all()]
    desk.post("/knowledge/new", {"title": "Gift cards", "body": "Yes.", "language": "en", "settles": settles})
    assert not Asked.objects.filter(settled_at=None).exists()
    assert "gift card" not in desk.get("/knowledge/gaps").content.decode()


def test_what_customers_write_about_often_is_a_matter(desk, inbox):
    from careline.accounts.actor import Actor
    from careline.service.conversations import actions as talks
    from careline.service.conversations.hot import words

    for number in range(4):
        who = words.who(name=f"Guest {number}", email=f"guest{number}@example.com")
        body = f"Where can I buy the gift card number {number}0000000?"
        actor = Actor(kind="customer", id=None, name="", inbox_ids=(inbox.pk,))
        talks.open_with(actor=actor, inbox_id=inbox.pk, person=who, body=body)
    page = desk.get("/knowledge/gaps").content.decode()
    assert "Answered by hand" in page
    assert "gift card" in page
    assert "0000000" not in page


def test_a_translation_is_written_beside_what_is_there(desk, write):
    one = write("Send it back", "Within 30 days.")
    page = desk.get(f"/knowledge/{one.article_id}?language=ar").content.decode()
    assert "Within 30 days." in page
    assert 'dir="rtl"' in page
    desk.post(f"/knowledge/{one.article_id}?language=ar", {"title": "إرجاع", "body": "خلال ثلاثين يومًا."})
    assert Translation.objects.filter(language="ar").exists()
    assert "draft" in desk.get("/knowledge/missing").content.decode()


def test_a_picture_is_added_and_shown_to_whoever_may_read(desk, client, write):
    one = write("Inner", audience="agents")
    path = f"/knowledge/{one.article_id}"
    desk.post(path, {"what": "picture", "picture": SimpleUploadedFile("a.png", PNG)})
    place = f"/help/pictures/{Picture.objects.get().file_id}"
    assert desk.get(place).status_code == 200
    assert client.get(place).status_code == 404
    no = desk.post(path, {"what": "picture", "picture": SimpleUploadedFile("a.html", b"<script>")})
    assert no.status_code == 422


def test_a_folder_is_brought_and_told_of(desk):
    file = SimpleUploadedFile("help.zip", zipped({"pay.md": "# Pay\n\nLater.", "../out.md": "# Out"}))
    page = desk.post("/knowledge/import", {"file": file, "publish": "on"}).content.decode()
    assert "1 made" in page
    assert "leads out of the folder" in page
    assert desk.post("/knowledge/import", {"file": SimpleUploadedFile("a.zip", b"PK\x03\x04")}).status_code == 422


def test_who_reads_writes_nothing(browser_of, bo, write):
    one = write("Send it back")
    reader = browser_of(bo)
    assert reader.get(f"/knowledge/{one.article_id}").status_code == 200
    for path, form in (
        (f"/knowledge/{one.article_id}", {"what": "keep", "title": "Mine", "revision": "1"}), ("/knowledge/centre", {}),
        ("/knowledge/new", {"title": "Mine"}), ("/knowledge/collections", {"what": "keep", "name.en": "Mine"}),
        ("/knowledge/gaps", {"words": "x"}), ("/knowledge/import", {}),
    ):  # fmt: skip
        assert reader.post(path, form).status_code == 403, path
    assert Translation.objects.get().title == "Send it back"
