"""What a person is told when a link is lost: what to do by hand, and what the massager does."""

import pytest

from devicehub.massagers.library import load_library
from devicehub.massagers.losing import when_lost

LIBRARY = load_library()


def test_one_with_a_lease_stops_by_itself_and_it_is_said_when() -> None:
    cape = LIBRARY["reference-cape"]
    assert cape.lease_s == 2.0
    assert when_lost(cape) == (
        f"{cape.on_lost_link} It stops when it loses the link, "
        "and by itself 2 s after the last frame."
    )


@pytest.mark.parametrize(
    ("model", "does"),
    [
        ("lovense-domi", "It does not stop when it loses the link."),
        ("bhaptics-x40", "Nobody has tried whether it stops when it loses the link."),
    ],
)
def test_of_one_without_a_lease_no_time_is_promised(model: str, does: str) -> None:
    massager = LIBRARY[model]
    assert massager.lease_s is None
    assert when_lost(massager) == f"{massager.on_lost_link} {does}"
