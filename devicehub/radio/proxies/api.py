"""One proxy's API, with writes that are through when they return."""

from aioesphomeapi.client import APIClient

from devicehub.config.proxies import Place
from devicehub.radio.proxies.answers import KINDS, Answers

# A dead line is known for one after 5.5 times this: a second, then 4.5 seconds without an answer
# (aioesphomeapi.connection). Its default of 20 s would leave a session in the dark for 110 s.
KEEPALIVE_S = 1.0


class Api(APIClient):
    """The API of a proxy.

    A write without response goes into a stream that takes any number of them, so on a network that
    stands still they would pile up and arrive late, all of them. Here it returns when the proxy has
    taken it: messages are worked in their order, and the answer to a question behind it says so.
    One with response returns at its own answer, not at that of an earlier one that was given up.
    """

    _answers: Answers  # of the connection that stands

    async def bluetooth_gatt_write(
        self,
        address: int,
        handle: int,
        data: bytes,
        response: bool,
        timeout: float = 30.0,  # noqa: ASYNC109 - as the base has it
    ) -> None:
        """Write; without response it is through when the proxy has taken it."""
        own = self._answers.expect(address, handle) if response else None
        await super().bluetooth_gatt_write(address, handle, data, response, timeout)
        if own is None:
            await self.device_info()
        else:
            await own.wait()

    def listen_to_answers(self) -> None:
        """Begin to tell answers apart on the connection that has just been made."""
        self._answers = Answers()
        self._get_connection().add_message_callback(self._answers.hear, KINDS)


def api_of(place: Place) -> Api:
    """Return the API of a proxy, not connected yet.

    It tells a proxy no time: looking up the time zone would go on in a thread after the line is
    closed.
    """
    return Api(
        place.host,
        place.port,
        None,
        client_info="devicehub",
        keepalive=KEEPALIVE_S,
        noise_psk=place.key,
        provide_time=False,
    )
