"""How a text feels: what carried it, what a company's labels change, and what is not known."""

from __future__ import annotations

import msgspec
import pytest

from careline.intelligence import sentiment

LABELED = [
    *[(f"I have been on hold for {n} hours and my flight was cancelled", "negative") for n in range(2, 20)],
    *[(f"Parcel {n} still has not been delivered and nobody calls back", "negative") for n in range(18)],
    *[(f"The parcel came a day early and number {n} fits", "positive") for n in range(18)],
    *[(f"Booked in {n} minutes, all worked", "positive") for n in range(2, 20)],
]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("I love this lamp, thank you so much!", "positive"),
        ("This is terrible, I am really angry with you.", "negative"),
        ("The lamp is beautiful and I love it. But your delivery was awful, I hate waiting.", "mixed"),
        ("My order number is 4711.", "neutral"),
        ("Das ist schrecklich, ich bin sehr böse.", "unknown"),
        ("", "unknown"),
    ],
)
def test_it_says_how_a_text_feels_or_that_it_does_not_know(text, label):
    found = sentiment.of(text)
    assert found.label == label
    assert (found.score is None) == (label == "unknown")


def test_the_words_that_carried_it_are_named():
    found = sentiment.of("I am not happy, this is awful")
    assert dict(found.words)["awful"] < 0
    assert dict(found.words)["happy"] < 0
    assert found.emotion in {"anger", "disgust", "sadness"}
    assert sentiment.of("Thank you, I love it").emotion == "joy"


def test_labels_of_ones_own_teach_it_what_a_complaint_is():
    complaint = "Our flight was cancelled and we are on hold for ever"
    calibration = sentiment.calibrate(LABELED)
    assert calibration is not None
    assert sentiment.of(complaint).label != "negative"
    found = sentiment.of(complaint, calibration)
    assert (found.label, found.calibrated) == ("negative", True)
    assert found.score < -0.3
    assert sentiment.of("It came early and all worked", calibration).label == "positive"


def test_a_calibration_is_kept_as_json_and_one_of_another_version_is_not_used():
    calibration = sentiment.calibrate(LABELED)
    again = msgspec.json.decode(msgspec.json.encode(calibration), type=sentiment.Calibration)
    assert again == calibration
    older = msgspec.structs.replace(again, by="vader-1")
    assert not sentiment.of("The parcel is late", older).calibrated


def test_few_labels_or_one_kind_of_them_teach_nothing():
    assert sentiment.calibrate(LABELED[:29]) is None
    assert sentiment.calibrate([("fine", "positive")] * 50) is None
    assert sentiment.calibrate([*LABELED, ("My order is 4711", "neutral")]) is not None
