"""The packaged encoder: it is the one that was made, and what means alike points the same way."""

from __future__ import annotations

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from careline.intelligence import embedding
from careline.intelligence.embedding import kept, reading


def test_the_packaged_files_are_those_that_were_made():
    lines = (reading.FOLDER / "SHA256SUMS").read_text().splitlines()
    sums = dict(reversed(line.split("  ")) for line in lines)
    assert sums == {name: hashlib.sha256((reading.FOLDER / name).read_bytes()).hexdigest() for name in sums}
    assert set(sums) == {"minilm.int8.onnx", "tokenizer.json"}


def test_it_says_what_the_card_of_the_model_says():
    # The float32 model gives 0.943 for this pair; eight bits may move the third digit.
    one, other = embedding.embed("That is a happy person"), embedding.embed("That is a very happy person")
    assert float(one @ other) == pytest.approx(0.943, abs=0.01)
    assert one.dtype == np.float32
    assert one.shape == (embedding.DIMENSIONS,)
    assert float(np.linalg.norm(one)) == pytest.approx(1, abs=1e-5)


def test_what_means_alike_is_nearer_than_what_is_written_alike():
    asked = embedding.embed("Where is my parcel?")
    assert asked @ embedding.embed("My package has not arrived yet") > asked @ embedding.embed("Where is my purse?")


def test_of_nothing_and_of_a_megabyte_it_says_something():
    assert not embedding.embed(" \n").any()
    assert np.array_equal(embedding.embed("lamp " * 300), embedding.embed("lamp " * 200_000))


def test_a_vector_does_not_depend_on_who_else_asks():
    texts = [f"I want to return order {n} because it is broken" for n in range(20)]
    alone = [embedding.embed(text) for text in texts]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(embedding.embed, texts * 3))
    assert all(np.array_equal(alone[n % 20], vector) for n, vector in enumerate(together))
    assert np.array_equal(embedding.encoder_of("en").embed_all(texts), np.stack(alone))


def test_it_is_loaded_once_however_many_ask_first():
    reader, loads = reading.Reader(), []
    load = reading._load
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "_load", lambda: (loads.append(1), load())[1])
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(reader.read, ["one", "two", "three", "four"]))
    assert loads == [1]


def test_it_is_let_go_when_nobody_asks_and_comes_back():
    reader = reading.Reader(idle=0.05)
    first = reader.read("Where is my parcel?")
    gone = threading.Event()
    for _look in range(600):
        if not reader.is_loaded:
            break
        gone.wait(0.05)
    assert not reader.is_loaded
    assert np.array_equal(reader.read("Where is my parcel?"), first)


def test_who_asks_again_keeps_it(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(kept.time, "monotonic", lambda: now[0])
    looks: list[float] = []
    reader = reading.Reader()
    monkeypatch.setattr(reader, "_look_again", looks.append)
    reader.read("Where is my parcel?")
    now[0] += 600
    reader.read("And now?")
    now[0] += 301
    reader._let_go()
    assert reader.is_loaded
    assert looks == [900.0, pytest.approx(599)]
    now[0] += 600
    reader._let_go()
    assert not reader.is_loaded


def test_what_it_was_not_taught_is_compared_by_letters():
    encoder = embedding.encoder_of("id")
    assert not encoder.understands
    assert embedding.encoder_of("en").understands
    assert embedding.encoder_named(encoder.model_id) == encoder
    asked, near, far = map(
        encoder.embed, ["Di mana pesanan saya?", "pesanan saya di mana ya", "Lampu rusak, minta ganti"]
    )
    assert asked.shape == (encoder.dimensions,)
    assert asked @ near > 0.5 > asked @ far
    assert not encoder.embed("🙂").any()


def test_letters_of_any_writing_and_any_case_are_compared():
    letters = embedding.encoder_of(None).embed
    assert letters("ISTANBUL Çok") @ letters("istanbul çok") == pytest.approx(1, abs=1e-5)
    assert letters("أين طردي") @ letters("أين طردي الآن") > 0.6
