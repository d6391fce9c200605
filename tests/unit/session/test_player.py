"""The player: session time passes while it plays, and at no other time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devicehub.session.player import Player


@pytest.fixture
def player() -> Player:
    player = Player(10.0)
    player.advance(100.0)
    return player


def test_time_passes_from_the_first_look(player: Player) -> None:
    assert player.position_s == 0.0
    assert player.advance(103.0) == 3.0


def test_time_does_not_pass_in_a_pause(player: Player) -> None:
    player.advance(103.0)
    player.pause()
    player.advance(107.0)
    player.resume()
    player.advance(150.0)
    assert player.advance(151.0) == 4.0


def test_it_ends_at_the_end(player: Player) -> None:
    assert not player.finished
    assert player.advance(1000.0) == 10.0
    assert player.finished


def test_a_clock_that_runs_back_moves_nothing(player: Player) -> None:
    player.advance(103.0)
    assert player.advance(102.0) == 3.0


@pytest.mark.exhaustive
@given(st.lists(st.floats(0, 1e6)))
def test_the_position_never_falls_and_never_passes_the_end(times: list[float]) -> None:
    player = Player(60.0)
    positions = [player.advance(now_s) for now_s in times]
    assert positions == sorted(positions)
    assert all(0.0 <= position <= 60.0 for position in positions)
