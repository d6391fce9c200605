"""What Home Assistant is told: shape, names, templates; its own parser has `make ha-check`."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

import pytest

from devicehub.outside import DeviceCard, Identity
from devicehub.publish import commands
from devicehub.publish.homeassistant import Discovery, Offer, after_birth_s, discovery
from devicehub.publish.topics import Topics

TOPICS = Topics("devicehub", "home", "hub-1")
CARDS = [DeviceCard("wand-77aa01", "lovense-domi", 1, "idle", selected="taster")]
Entity = Mapping[str, Any]


def told(*, remote_start: bool = False, person: str | None = None) -> list[Discovery]:
    identity = Identity("hub-1", "9f3c21aa", 0.0, "0.1.0")
    return discovery(
        TOPICS, identity, CARDS, ["taster"], Offer("homeassistant", remote_start, person)
    )


def entities(*, remote_start: bool = False, person: str | None = None) -> dict[str, Entity]:
    config = json.loads(told(remote_start=remote_start, person=person)[1].encoded())
    return cast("dict[str, Entity]", config["components"])


def pressed(template: str) -> dict[str, object]:
    """Return a command as Home Assistant would make it."""
    said = template.replace("{{ utcnow().isoformat() }}", "2026-11-30T04:20:21.123456+00:00")
    said = said.replace("{{ utcnow().timestamp() }}", "1796012421.123456")
    said = said.replace("{{ value | tojson }}", '"taster"').replace("{{ value }}", "0.4")
    return cast("dict[str, object]", json.loads(said))


def test_the_hub_and_each_massager_have_one_message() -> None:
    assert [each.topic for each in told()] == [
        "homeassistant/device/hub-1/hub/config",
        "homeassistant/device/hub-1/wand-77aa01/config",
    ]


def test_every_entity_has_an_id_that_no_other_one_has() -> None:
    configs = [json.loads(each.encoded()) for each in told(remote_start=True)]
    ids = [entity["unique_id"] for config in configs for entity in config["components"].values()]
    assert len(ids) == len(set(ids)) == 16


def test_what_can_move_a_motor_is_offered_where_that_is_allowed_only() -> None:
    assert entities(remote_start=True).keys() - entities().keys() == {"resume", "moved", "profile"}


def test_a_start_names_who_is_under_the_massager_and_is_not_offered_without_them() -> None:
    start = entities(remote_start=True, person="person-1")["start"]
    asked = commands.read(commands.Start, json.dumps(pressed(start["command_template"])).encode())
    assert (asked.device, asked.person, asked.profile) == ("wand-77aa01", "person-1", "taster")
    assert "start" not in entities(person="person-1")


def test_stop_depends_on_the_hub_alone() -> None:
    stop = entities()["stop"]
    assert [each["topic"] for each in stop["availability"]] == [TOPICS.out("availability")]


def test_a_hub_that_was_lost_makes_everything_unavailable() -> None:
    """Home Assistant takes `online` and `offline` only, and ignores what else it is told."""
    config = json.loads(told()[1].encoded())
    hub = config["availability"][0]
    assert hub["value_template"] == "{{ 'online' if value_json.state == 'online' else 'offline' }}"
    assert config["availability_mode"] == "all"


@pytest.mark.parametrize(
    ("key", "command"),
    [
        ("pause", "pause"),
        ("present", "present"),
        ("ceiling", "ceiling"),
        ("resume", "resume"),
        ("profile", "select"),
    ],
)
def test_a_press_is_a_command_that_says_when_it_was_made(key: str, command: str) -> None:
    entity = entities(remote_start=True)[key]
    assert entity["command_topic"] == TOPICS.command(command)
    said = json.dumps(pressed(entity["command_template"])).encode()
    asked = commands.read(commands.IN[command], said)
    assert asked.id == "ha-1796012421.123456"
    assert asked.ts is not None


def test_stop_is_a_stop_of_this_massager() -> None:
    said = entities()["stop"]["payload_press"].encode()
    assert commands.named_in(said, ["cape-1", "wand-77aa01"]) == "wand-77aa01"


def test_no_topic_is_told_that_is_not_of_this_hub() -> None:
    topics = list(_topics([json.loads(each.encoded()) for each in told(remote_start=True)]))
    assert len(topics) > 20
    assert [topic for topic in topics if not topic.startswith("devicehub/v1/home/hub-1/")] == []


def test_a_fleet_does_not_answer_all_at_once() -> None:
    waits = {after_birth_s(f"hub-{number}") for number in range(50)}
    assert len(waits) > 10
    assert all(1.0 <= wait <= 10.0 for wait in waits)


def test_no_template_has_anything_but_members_of_our_payloads() -> None:
    used = re.findall(r"value_json\.(\w+)", b"".join(e.encoded() for e in told()).decode())
    ours = {
        *("state", "alerts", "battery_percent", "ceiling", "cue", "detail", "device", "end"),
        *(
            "hist",
            "kind",
            "may_be_running",
            "move_to",
            "origin",
            "phase",
            "planned_s",
            "presence_asked",
        ),
        *("profile", "remaining_s", "severity", "started", "title", "version", "zones"),
    }
    assert set(used) == ours


def _topics(value: object) -> Iterator[str]:
    if isinstance(value, list):
        for each in cast("list[object]", value):
            yield from _topics(each)
    if isinstance(value, dict):
        for key, each in cast("dict[str, object]", value).items():
            if key.endswith("topic") and isinstance(each, str):
                yield each
            yield from _topics(each)
