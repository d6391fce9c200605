"""Topics: one tree, levels that are levels, answers only where they may be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devicehub.publish.topics import COMMANDS, OUT, Topics

TREE = Topics("devicehub", "spa-1", "hub-1")


def test_the_tree_is_as_deep_for_every_hub() -> None:
    assert TREE.out("session", device="cape-1") == "devicehub/v1/spa-1/hub-1/device/cape-1/session"
    assert TREE.out("event", severity="critical") == "devicehub/v1/spa-1/hub-1/event/critical"
    assert TREE.stops() == ("devicehub/v1/spa-1/hub-1/cmd/stop", "devicehub/v1/spa-1/all/cmd/stop")
    assert "stop" not in TREE.commands().values()


@given(st.text(max_size=40))
def test_what_is_no_level_is_refused(word: str) -> None:
    is_level = 1 <= len(word) <= 32 and all(
        c in "abcdefghijklmnopqrstuvwxyz0123456789-" for c in word
    )
    if is_level and word != "all":
        assert word in Topics("devicehub", "home", word).root
    else:
        with pytest.raises(ValueError, match=r"level|every hub"):
            Topics("devicehub", "home", word)


def test_commands_and_events_are_never_retained_and_nothing_needs_qos_2() -> None:
    channels = [*OUT.values(), *COMMANDS.values()]
    assert not any(channel.retain for channel in COMMANDS.values())
    assert not OUT["event"].retain
    assert {channel.qos for channel in channels} == {0, 1}


@pytest.mark.parametrize(
    ("response", "may"),
    [
        ("devicehub/v1/spa-1/desk/reply", True),
        ("devicehub/v1/spa-2/desk/reply", True),
        ("devicehub/v1/spa-1/desk/reply/42", True),
        ("devicehub/v1/spa-1/desk/reply/4/2", False),
        ("devicehub/v1/spa-1/hub-2/cmd/stop", False),
        ("devicehub/v1/spa-1/hub-1/availability", False),
        ("devicehub/v1/spa-1/+/reply", False),
        ("devicehub/v1/spa-1/desk/reply/#", False),
        ("other/v1/spa-1/desk/reply", False),
        ("homeassistant/device/x/config", False),
        ("", False),
    ],
)
def test_an_answer_goes_to_replies_alone(response: str, may: bool) -> None:
    assert TREE.may_be_answered(response) is may
