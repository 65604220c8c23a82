"""Folders from elsewhere become articles; what means harm or is broken is named and changes nothing."""

from __future__ import annotations

import io
import zipfile

import pytest

from careline.files.models import StoredFile
from careline.kit.refusals import NotAllowed, Refused
from careline.service.knowledge.bringing import actions, archive, pages
from careline.service.knowledge.models import Article, Collection, Edition, Picture, Translation

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\nIDATx\x9cc\x00\x01\x00\x00\x05\x00\x01\r\n-\xb4\x00\x00\x00\x00IEND\xaeB`\x82"
)


def zipped(files):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as folder:
        for path, content in files.items():
            folder.writestr(path, content)
    return held.getvalue()


FOLDER = {
    "billing/refunds.md": (
        "---\ntitle: Refunds\nsummary: In 30 days.\n---\n# Ignored\n\n![Where](img/a.png) [Pay](pay.md)\n"
    ),
    "billing/refunds.id.md": "# Pengembalian\n\nDalam 30 hari.\n",
    "billing/pay.md": "# Pay later\n\nIn parts.\n",
    "billing/img/a.png": PNG,
    "__MACOSX/billing/._pay.md": b"\0\1",
}


def test_a_folder_becomes_articles_in_its_collections_and_languages(cy):
    report = actions.bring("help.zip", zipped(FOLDER), actor=cy, publish=True)
    assert (len(report.made), report.pictures, report.refused) == (2, 1, [])
    english, indonesian = Translation.objects.get(slug="refunds", language="en"), Translation.objects.get(language="id")
    assert english.article_id == indonesian.article_id
    assert (english.title, english.summary) == ("Refunds", "In 30 days.")
    assert Collection.objects.get().names == {"en": "Billing"}
    assert f"/help/pictures/{Picture.objects.get().file_id}" in Edition.objects.get(translation=english).html
    assert "/help/en/articles/pay" in english.body


def test_a_folder_brought_again_doubles_nothing(cy):
    actions.bring("help.zip", zipped(FOLDER), actor=cy, publish=True)
    changed = FOLDER | {"billing/pay.md": "# Pay later\n\nIn four parts.\n"}
    report = actions.bring("help.zip", zipped(changed), actor=cy, publish=True)
    assert (len(report.made), len(report.changed), report.same, report.pictures) == (0, 1, 2, 0)
    assert Article.objects.count() == 2
    assert "four parts" in Edition.objects.get(title="Pay later").html


@pytest.mark.parametrize("path", ["../out.md", "/etc/out.md", "a/../../out.md", "..\\out.md", "C:/out.md"])
def test_a_path_that_leaves_the_folder_is_named_and_left_out(cy, path):
    report = actions.bring("help.zip", zipped({path: "# Out", "in.md": "# In\n\nHere."}), actor=cy)
    assert len(report.refused) == 1
    assert Translation.objects.get().title == "In"


def test_a_bomb_is_put_out_before_it_bursts(cy, monkeypatch):
    monkeypatch.setattr(archive, "ONE", 20_000)
    monkeypatch.setattr(archive, "UNPACKED", 50_000)
    one = actions.bring("help.zip", zipped({"big.md": "x" * 30_000, "in.md": "# In\n\nHere."}), actor=cy)
    assert [(refused.path, "larger" in refused.why) for refused in one.refused] == [("big.md", True)]
    with pytest.raises(Refused, match="Unpacked"):
        actions.bring("help.zip", zipped({f"{n}.md": "x" * 19_000 for n in range(9)}), actor=cy)
    assert Translation.objects.count() == 1


def test_a_zip_that_lies_about_its_size_is_read_no_further(cy, monkeypatch):
    monkeypatch.setattr(archive, "ONE", 20_000)
    raw = zipped({"big.md": "x" * 500_000, "in.md": "# In\n\nHere."})
    lying = raw.replace((500_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lying != raw
    try:
        report = actions.bring("help.zip", lying, actor=cy)
    except Refused as refusal:
        assert refusal.field == "file"
    else:
        assert [one.path for one in report.refused] == ["big.md"]


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.zip", b"PK\x03\x04 but no zip"), ("a.zip", b""), ("a.exe", b"MZ"), ("a.zip", zipped({"a.exe": b"MZ"}))],
)
def test_what_is_no_folder_of_articles_is_refused(cy, name, content):
    with pytest.raises(Refused):
        actions.bring(name, content, actor=cy)


def test_a_picture_that_is_none_leaves_its_article_out_and_the_others_in(cy):
    files = {"a.md": "# A\n\n![x](x.png)", "x.png": b"<script>", "b.md": "# B\n\nHere."}
    report = actions.bring("help.zip", zipped(files), actor=cy)
    assert [one.path for one in report.refused] == ["a.md"]
    assert [one.title for one in Translation.objects.all()] == ["B"]
    assert not StoredFile.objects.filter(erased_at=None).exists()


def test_only_writers_bring_articles(bo):
    with pytest.raises(NotAllowed):
        actions.bring("a.md", b"# A", actor=bo)


HTML = """<html><head><title>Send it &amp; go</title><style>p{}</style></head><body><nav>Menu</nav><main>
<h1>Send it back</h1><p>Within <b>30</b> days, <a href="javascript:alert(1)">not</a> <a href="https://x.example/a">here</a>.</p>
<ol><li>Pack it</li><li><p>Send it</p></li></ol><ul><li>One<ul><li>Deep</li></ul></li></ul>
<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2|3</td></tr></table><pre>a * b</pre>
<img src=x onerror=alert(1)><script>alert(1)</script><p>2 * 3 * 4 [x](y)</p></main>
<footer>Foot</footer></body></html>"""


def test_a_page_of_html_becomes_markdown(cy):
    found = pages.markdown(HTML)
    assert "# Send it back" in found
    assert "Within **30** days" in found
    assert "[here](<https://x.example/a>)" in found
    assert "1. Pack it" in found
    assert "2. Send it" in found
    assert "| A | B |" in found
    for gone in ("alert", "Menu", "Foot", "onerror"):
        assert gone not in found
    actions.bring("send-it.html", HTML.encode(), actor=cy, publish=True)
    html = Edition.objects.get().html
    assert "<strong>30</strong>" in html
    assert "<li" in html
    assert "<td>2|3</td>" in html
    assert "2 * 3 * 4 [x](y)" in html


@pytest.mark.parametrize(
    "html", ["<ul><li>" * 3000, "<b>" * 20_000, "<table>" * 2000, "&" * 50_000, "<", "\0", "</p>" * 9000]
)
def test_broken_html_becomes_something(html):
    assert isinstance(pages.markdown(html), str)
