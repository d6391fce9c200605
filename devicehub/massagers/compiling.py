"""The frames of a file, compiled; every line that makes no sense leaves a mistake with its key."""

from collections.abc import Sequence

from devicehub.massagers import schema, tables
from devicehub.massagers.frame import Char, Frame, FrameError, Tables
from devicehub.massagers.mistakes import Mistakes
from devicehub.massagers.model import Codec, ConnectStep, Expect, Glance
from devicehub.massagers.moving import moves
from devicehub.massagers.report import ReportFrame, compile_report
from devicehub.massagers.template import compile_frame, with_pin
from devicehub.massagers.wire import Encoded, Write, mint


class Compiler:
    """Compiles the lines of one model."""

    def __init__(
        self, file: schema.MassagerFile, steps: tuple[int, ...], mistakes: Mistakes
    ) -> None:
        self._file = file
        self._steps = steps
        self._mistakes = mistakes
        self._words: list[tuple[str, Write]] = []
        self._written = {
            name: Char(char.uuid, char.response)
            for name, char in file.chars.items()
            if char.response is not None
        }

    def connect_step(self, path: str, step: tables.ConnectTable) -> ConnectStep | None:
        """Return a step of the connect script, or None after a mistake."""
        said: Encoded | Glance | None = None
        if step.write is not None:
            said = self.words(f"{path}.write", step.write)
        elif step.read is not None:
            said = self._glance(path, step.read, step.begins or ())
        if said is None:
            return None
        if step.expect is None:
            return ConnectStep(said, None, step.wait_s)
        expect = self._expect(f"{path}.expect", step.expect)
        return None if expect is None else ConnectStep(said, expect, step.wait_s)

    def words(self, path: str, line: str) -> Encoded | None:
        """Return a frame that carries no levels, ready to be written, or None after a mistake."""
        try:
            frame = self.frame(path, with_pin(line, self._file.pin), ())
        except FrameError as error:
            self._mistakes.add(path, str(error), line)
            return None
        if frame is None:
            return None
        if frame.counts:
            self._mistakes.add(path, "may not carry {counter}", line)
            return None
        write = Write(frame.char.uuid, frame.build((), 0), frame.char.response)
        self._words.append((path, write))
        return mint((write,), (0,) * len(self._steps))

    def keys(self, path: str, lines: Sequence[str]) -> tuple[Write, ...] | None:
        """Return presses of keys, ready to be written, or None after a mistake."""
        frames = self.frames(path, lines)
        if frames is None:
            return None
        if any(frame.counts or not frame.char.response for frame in frames):
            self._mistakes.add(path, "must ask for a response, and may not carry {counter}")
            return None
        return tuple(
            Write(frame.char.uuid, frame.build((), 0), frame.char.response) for frame in frames
        )

    def wake(self) -> tuple[Write, ...]:
        """Return the words that wake the massager; none where it needs none."""
        lines = self._file.keepalive.wake if self._file.keepalive else ()
        words = [self.words("keepalive.wake", line) for line in lines]
        return tuple(write for word in words if word is not None for write in word.writes)

    def check_words(self, codec: Codec | None) -> None:
        """Note all words so far that are no mere words: level frames that move something."""
        for path, write in self._words:
            if codec is not None and moves(codec, write):
                self._mistakes.add(path, "must not be a frame that moves something")

    def report(self, path: str, line: tables.ReportTable) -> ReportFrame | None:
        """Return something that the device says, or None after a mistake."""
        char = self.char(f"{path}.char", line.char)
        try:
            if char is None:
                return None
            return compile_report(line.frame, char.uuid, self._steps, line.every_s)
        except FrameError as error:
            self._mistakes.add(f"{path}.frame", str(error), line.frame)
            return None

    def frames(
        self, path: str, lines: Sequence[str], tables: Tables = ()
    ) -> tuple[Frame, ...] | None:
        """Return compiled frames, or None after a mistake."""
        compiled = [
            self.frame(f"{path}[{number}]" if len(lines) > 1 else path, line, tables)
            for number, line in enumerate(lines)
        ]
        frames = tuple(frame for frame in compiled if frame is not None)
        return frames if len(frames) == len(lines) else None

    def written(self, name: str) -> Char | None:
        """Return the characteristic called `name` if frames go there."""
        return self._written.get(name)

    def frame(self, path: str, line: str, tables: Tables) -> Frame | None:
        """Return one compiled frame, or None after a mistake."""
        try:
            return compile_frame(line, self._written, tables)
        except FrameError as error:
            self._mistakes.add(path, str(error), line)
            return None

    def char(self, path: str, name: str) -> tables.CharTable | None:
        """Return the characteristic that the file calls `name`, or None after a mistake."""
        char = self._file.chars.get(name)
        if char is None:
            known = ", ".join(self._file.chars)
            self._mistakes.add(path, f"must be a name of [chars]: {known}", name)
        return char

    def _glance(self, path: str, name: str, begins: Sequence[str]) -> Glance | None:
        char = self.char(f"{path}.read", name)
        prefixes = self._constants(f"{path}.begins", begins)
        return None if char is None or prefixes is None else Glance(char.uuid, prefixes)

    def _expect(self, path: str, expect: tables.ExpectTable) -> Expect | None:
        char = self.char(f"{path}.char", expect.char)
        begins = self._constants(f"{path}.begins", expect.begins)
        if char is None or begins is None:
            return None
        if not char.notify:
            self._mistakes.add(f"{path}.char", "must have notify = true in [chars]", expect.char)
            return None
        return Expect(char.uuid, begins, expect.timeout_s, expect.tries, expect.required)

    def _constants(self, path: str, lines: Sequence[str]) -> tuple[bytes, ...] | None:
        anywhere = {"tx": Char("", response=False)}
        built: list[bytes] = []
        for line in lines:
            try:
                built.append(compile_frame(line, anywhere, ()).build((), 0))
            except FrameError as error:
                self._mistakes.add(path, str(error), line)
                return None
        return tuple(built)
