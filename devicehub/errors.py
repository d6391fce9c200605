"""The hub's errors, one tree.

HubError
├── UsageError       what was asked for makes no sense          exit 2
├── MassagerError    a massager file is wrong                   exit 2
├── SafetyRefusal    refused or ended by safety                 exit 4
└── RadioError       the air
    ├── DeviceNotFound   no such massager in range              exit 5
    ├── LinkLost         it was there and is gone               exit 5
    └── StopUnconfirmed  stop was sent, nobody answered         exit 3

`profiles` has its own: `profiles.loader.ProfileError` (exit 2).
"""


class HubError(Exception):
    """Base of all errors of the hub; the text is one or two lines for a person."""

    exit_code = 1


class UsageError(HubError):
    """What was asked for makes no sense; the text says what would."""

    exit_code = 2


class MassagerError(HubError):
    """A massager file is wrong; the text names file, key, value and what would be right."""

    exit_code = 2


class SafetyRefusal(HubError):
    """Refused or ended by safety."""

    exit_code = 4


class RadioError(HubError):
    """Something went wrong on the air."""


class DeviceNotFound(RadioError):
    """No such massager is in range."""

    exit_code = 5


class LinkLost(RadioError):
    """The massager was connected and is gone."""

    exit_code = 5


class StopUnconfirmed(RadioError):
    """Stop was sent and not confirmed: the massager may still be running."""

    exit_code = 3
