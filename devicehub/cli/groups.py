"""Groups of commands, such as `devicehub profiles`, whose commands load when they run."""

import click

from devicehub.cli.lazy import Lazy, LazyGroup

_PROFILES = {
    "list": Lazy("devicehub.cli.profiles_cmd:list_profiles", "The bundled profiles."),
    "show": Lazy("devicehub.cli.profiles_show:show", "One profile, phase by phase."),
    "check": Lazy("devicehub.cli.profiles_check:check", "Name every mistake in profile FILEs."),
    "plot": Lazy("devicehub.cli.plot_cmd:plot", "What is asked, what the caps let through."),
    "new": Lazy("devicehub.cli.profiles_new:new", "Ask, and write a profile to go on from."),
    "export": Lazy("devicehub.cli.profiles_export:export", "As a file of other tools."),
    "import": Lazy("devicehub.cli.profiles_import:import_file", "A file of other tools as one."),
    "schema": Lazy("devicehub.cli.profiles_schema:schema", "What a profile may hold, for editors."),
}
_DEVICES = {
    "list": Lazy("devicehub.cli.devices_cmd:list_devices", "The models that are known."),
    "show": Lazy("devicehub.cli.devices_cmd:show", "What is known of MODEL."),
    "encode": Lazy("devicehub.cli.devices_cmd:encode", "Raw device levels as bytes."),
    "new": Lazy("devicehub.cli.devices_new:new", "Describe a massager of your own, step by step."),
    "check": Lazy("devicehub.cli.devices_check:check", "Name every mistake in massager FILEs."),
    "proxies": Lazy("devicehub.cli.devices_proxies:list_proxies", "Try the Bluetooth proxies."),
    "save": Lazy("devicehub.cli.devices_saved:save", "Give a massager a name of your own."),
    "forget": Lazy("devicehub.cli.devices_saved:forget", "Take that name back."),
}
_PERSON = {
    "list": Lazy("devicehub.cli.person:list_people", "Who is known."),
    "add": Lazy("devicehub.cli.person:add", "Add a person."),
    "screen": Lazy("devicehub.cli.person_screen:screen", "The questions before a session."),
    "show": Lazy("devicehub.cli.person_show:show", "What is kept, and what the day has left."),
    "acknowledge": Lazy("devicehub.cli.person:acknowledge", 'Go on after "it hurts".'),
    "forget": Lazy("devicehub.cli.person:forget", "Erase a person for good."),
}
_HISTORY = {
    "list": Lazy("devicehub.cli.history_cmd:list_history", "Past sessions, the newest first."),
    "show": Lazy("devicehub.cli.history_cmd:show", "One of them, and what happened in it."),
    "export": Lazy("devicehub.cli.history_cmd:export", "All of it as JSON, one object a line."),
    "report": Lazy("devicehub.cli.report_cmd:report", "The last days, summed up; with a picture."),
}
_CONFIG = {
    "check": Lazy("devicehub.cli.config_cmd:check", "Name every mistake in the settings."),
    "show": Lazy("devicehub.cli.config_cmd:show", "What is set, and where it comes from."),
    "schema": Lazy("devicehub.cli.config_cmd:schema", "What there is to set, for editors."),
}
_MQTT = {
    "discovery": Lazy(
        "devicehub.cli.mqtt_cmd:discovery_command", "What Home Assistant is told of us."
    ),
}


@click.group(cls=LazyGroup, lazy=_PROFILES)
def profiles() -> None:
    """Profiles: list, show, check, plot, new, export, import, schema."""


@click.group(cls=LazyGroup, lazy=_DEVICES)
def devices() -> None:
    """Models: list, show, encode; yours: new, check, save, forget, proxies."""


@click.group(cls=LazyGroup, lazy=_PERSON)
def person() -> None:
    """People: list, add, screen, show, acknowledge, forget."""


@click.group(cls=LazyGroup, lazy=_CONFIG)
def config() -> None:
    """Settings of the service: check, show, schema."""


@click.group(cls=LazyGroup, lazy=_MQTT)
def mqtt() -> None:
    """What is said over MQTT: discovery."""


@click.group(cls=LazyGroup, lazy=_HISTORY)
def history() -> None:
    """Past sessions: list, show, export."""
