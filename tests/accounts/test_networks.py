"""Networks: what is one, and which address lies in it."""

import pytest

from careline.accounts import networks
from careline.kit.refusals import Refused


@pytest.mark.parametrize(
    ("said", "is_in"),
    [
        ("192.0.2.7", True), ("::ffff:192.0.2.7", True), ("192.0.3.1", False), ("2001:db8::7", True),
        ("2001:db8::8", False), ("", False), ("unix:", False), ("192.0.2.7, 10.0.0.1", False),
    ],
)  # fmt: skip
def test_where_an_address_lies(said, is_in):
    assert networks.holds(networks.checked(["192.0.2.0/24", "2001:db8::7"]), said) is is_in


def test_without_networks_every_place_will_do():
    assert networks.checked([]) is None
    assert networks.holds(None, "")


@pytest.mark.parametrize("wrong", ["192.0.2.7/24", "office", "192.0.2.0/33", "0.0.0.0/0\0"])
def test_what_is_no_network_is_named(wrong):
    with pytest.raises(Refused, match="is not a network"):
        networks.checked([wrong])
