"""Topics: the tree, and how each message on it is sent. Pure; the contract is in docs/mqtt.md.

`<base>/v1/<site>/<hub>/...`, where `v1` is the major version of the contract.
"""

import re
from dataclasses import dataclass

VERSION = "v1"
LEVEL = re.compile(r"[a-z0-9-]{1,32}")
ALL = "all"  # in place of a hub: every hub of the site
STOP = "stop"


@dataclass(frozen=True, slots=True)
class Channel:
    """How the messages of one kind are sent.

    Attributes:
        path: Below `<base>/v1/<site>/<hub>/`; `{device}` and `{severity}` stand for one level.
        qos: 0 where the next message makes up for a lost one, else 1. 2 is not used: it is slower
            and gains nothing over 1 with an id or a number in the payload.
        retain: Whether a late subscriber gets the last one.
        expiry_s: After so long the broker drops it undelivered (MQTT 5); None: never.
        why: When it is sent, for the document.
    """

    path: str
    qos: int
    retain: bool
    expiry_s: int | None
    why: str


OUT: dict[str, Channel] = {
    "availability": Channel("availability", 1, True, None, "at connect, at the end; the will"),
    "info": Channel("info", 1, True, None, "what this hub is and lets others do"),
    "health": Channel("health", 0, True, 90, "every 30 s"),
    "heartbeat": Channel("heartbeat", 1, False, 10, "every 2 s: the broker has to acknowledge it"),
    "alert": Channel("alert", 1, True, None, "what is wrong now, when that changes"),
    "device_availability": Channel(
        "device/{device}/availability", 1, True, None, "when the massager's link changes"
    ),
    "device_info": Channel("device/{device}/info", 1, True, None, "what the massager is"),
    "session": Channel("device/{device}/session", 1, True, None, "when the session changes"),
    "timeline": Channel("device/{device}/timeline", 1, True, None, "once a session: its phases"),
    "progress": Channel("device/{device}/progress", 0, False, 5, "twice a second while it plays"),
    "event": Channel("event/{severity}", 1, False, None, "at once, numbered, in order"),
    "reply": Channel("reply", 1, False, 30, "the answer where no response topic was named"),
}
COMMANDS: dict[str, Channel] = {
    STOP: Channel("cmd/stop", 1, False, 30, "stops; any payload; without a device everything"),
    "pause": Channel("cmd/pause", 1, False, 5, "stops the motors and waits for the person"),
    "ceiling": Channel("cmd/ceiling", 1, False, 5, "lowers the ceiling, never raises it"),
    "present": Channel("cmd/present", 1, False, 5, "somebody is there; fresh"),
    "start": Channel("cmd/start", 1, False, 5, "starts a session; fresh, off by default"),
    "resume": Channel("cmd/resume", 1, False, 5, "goes on after a pause; as start"),
    "moved": Channel("cmd/moved", 1, False, 5, "the handheld is where it has to be; as start"),
    "select": Channel("cmd/select", 1, False, 5, "what a massager's next start plays; as start"),
    "replay": Channel("cmd/replay", 1, False, 5, "sends events again, from a number on"),
    "republish": Channel("cmd/republish", 1, False, 5, "sends all that is retained again"),
}


@dataclass(frozen=True, slots=True)
class Topics:
    """The tree of one hub. Each part is one level, `[a-z0-9-]{1,32}`; `base` may be several."""

    base: str
    site: str
    hub: str

    def __post_init__(self) -> None:
        """Refuse what is no level. Raises ValueError."""
        for level in (*self.base.split("/"), self.site, self.hub):
            if not LEVEL.fullmatch(level):
                raise ValueError(f"{level!r}: a level of a topic is 1 to 32 of a-z, 0-9 and -")
        if self.hub == ALL:
            raise ValueError(f"{ALL!r} means every hub of a site; call this one otherwise")

    @property
    def root(self) -> str:
        """What every topic of this hub begins with."""
        return f"{self.base}/{VERSION}/{self.site}/{self.hub}"

    def out(self, kind: str, **levels: str) -> str:
        """Return the topic of what goes out; `levels` fill in `{device}` or `{severity}`."""
        return f"{self.root}/{OUT[kind].path.format(**levels)}"

    def command(self, name: str) -> str:
        """Return the topic of a command."""
        return f"{self.root}/{COMMANDS[name].path}"

    def commands(self) -> dict[str, str]:
        """Return every command but stop, which has a connection of its own, by its topic."""
        return {self.command(name): name for name in COMMANDS if name != STOP}

    def stops(self) -> tuple[str, str]:
        """Return the topics that stop: this hub's, and that of all hubs of the site."""
        everybody = f"{self.base}/{VERSION}/{self.site}/{ALL}/{COMMANDS[STOP].path}"
        return self.command(STOP), everybody

    def may_be_answered(self, response: str) -> bool:
        """Say whether an asker may have its answer at `response`.

        Only at `<base>/v1/<site>/<asker>/reply`, or below it: else whoever may ask a little could
        let the hub write where they may not, for example to the stop of another hub.
        """
        begin = f"{self.base}/{VERSION}/"
        levels = response.removeprefix(begin).split("/")
        return (
            response.startswith(begin)
            and len(levels) in (3, 4)
            and levels[2] == OUT["reply"].path
            and all(LEVEL.fullmatch(level) for level in levels)
        )
