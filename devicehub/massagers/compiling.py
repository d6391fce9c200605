"""The frames of a file, compiled; every line that makes no sense leaves a mistake with its key."""

from collections.abc import Sequence

from devicehub.massagers import schema, tables
from devicehub.massagers.frame import Char, Frame, FrameError
from devicehub.massagers.mistakes import Mistakes
from devicehub.massagers.model import Codec, ConnectStep, Expect, Glance
from devicehub.massagers.report import ReportFrame, compile_report
from devicehub.massagers.template import compile_frame, for_actuator, wire_table, with_pin
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

    def codec(self, model: schema.ModelTable, path: str) -> Codec | None:
        """Return the level and stop frames of the model at `path`, or None after a mistake."""
        tables = self._tables(model, path)
        if tables is None:
            return None
        if model.set_each is None:
            key, lines = "set", list(model.set or ())
        else:
            key = "set_each"
            lines = [for_actuator(model.set_each, i) for i in range(len(tables))]
        frames = self._frames(f"{path}.{key}", lines, tables)
        stop = self._frames(f"{path}.stop", model.stop, ())
        if frames is None or stop is None:
            return None
        codec = Codec(frames, stop, model.zero == "stop", self._wake())
        return codec if self._makes_sense(codec, path, key) else None

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

    def _wake(self) -> tuple[Write, ...]:
        lines = self._file.keepalive.wake if self._file.keepalive else ()
        words = [self.words("keepalive.wake", line) for line in lines]
        return tuple(write for word in words if word is not None for write in word.writes)

    def check_words(self, codec: Codec | None) -> None:
        """Note all words so far that are no mere words: level frames that move something."""
        for path, write in self._words:
            levels = [frame.levels_in(write) for frame in codec.frames] if codec else []
            if any(map(any, filter(None, levels))):
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

    def frame(self, path: str, line: str, tables: Sequence[tuple[int, ...]]) -> Frame | None:
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

    def _tables(self, model: schema.ModelTable, path: str) -> list[tuple[int, ...]] | None:
        tables: list[tuple[int, ...]] = []
        for number, alike in enumerate(model.actuators):
            try:
                tables += [wire_table(alike.steps, alike.wire)] * alike.count
            except FrameError as error:
                self._mistakes.add(f"{path}.actuators[{number}].wire", str(error), alike.wire)
                return None
        return tables

    def _frames(
        self, path: str, lines: Sequence[str], tables: Sequence[tuple[int, ...]]
    ) -> tuple[Frame, ...] | None:
        compiled = [
            self.frame(f"{path}[{number}]" if len(lines) > 1 else path, line, tables)
            for number, line in enumerate(lines)
        ]
        frames = tuple(frame for frame in compiled if frame is not None)
        return frames if len(frames) == len(lines) else None

    def _makes_sense(self, codec: Codec, path: str, key: str) -> bool:
        """Say whether the frames carry the level of every actuator, and stop moves none."""
        every = range(len(self._steps))
        spoken = [frame.actuators for frame in codec.frames]
        right = True
        if codec.whole and spoken != [frozenset(every)]:
            silent = ", ".join(str(i) for i in every if i not in spoken[0])
            self._mistakes.add(f"{path}.{key}", f"must carry every level; missing: {silent}")
            right = False
        elif not codec.whole and spoken != [frozenset((i,)) for i in every]:
            self._mistakes.add(f"{path}.{key}", "must be one frame for each actuator, in order")
            right = False
        stopped = [f.read(stop.build((), 0)) for f in codec.frames for stop in codec.stop]
        if any(levels is not None and any(levels) for levels in stopped):
            self._mistakes.add(f"{path}.stop", "must not be a frame that moves something")
            right = False
        return right

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
