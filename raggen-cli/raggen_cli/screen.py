"""What a person sees: steps with their times, warnings, and the address to open at the end."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console, ConsoleOptions, RenderResult
from rich.live import Live
from rich.panel import Panel
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from raggen_cli.errors import RaggenError
from raggen_cli.messages import Messages


@dataclass
class Moving:
    """The line of the step that is running: spinner, name, seconds, the last line of its output."""

    name: str
    messages: Messages
    spinner: Spinner = field(default_factory=lambda: Spinner("dots"))
    started: float = field(default_factory=time.monotonic)
    detail: str = ""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw it in one line, however narrow the terminal is."""
        line = Text.assemble(
            "  ",
            Text.from_markup(str(self.spinner.render(console.get_time()))),
            f" {self.name}  ",
            (f"{self.time(0)}  ", "dim"),
            (self.detail, "dim"),
        )
        # Room for the ^C that a terminal writes: a line that it breaks could not be taken back.
        line.truncate(options.max_width - 3, overflow="ellipsis")
        line.no_wrap = True
        yield line

    def time(self, digits: int) -> str:
        """Return the time since it started, with so many digits after the point."""
        seconds = f"{time.monotonic() - self.started:.{digits}f}"
        return self.messages.text("seconds", seconds=seconds)


class Screen:
    """Writes to a person: with colour and movement on a terminal, plain lines elsewhere.

    Args:
        messages: in the person's language.
        console: where to.
    """

    def __init__(self, messages: Messages, console: Console) -> None:
        self.messages = messages
        self.console = console

    def line(self, key: str, **values: object) -> None:
        """Write a sentence."""
        self.write(self.messages.text(key, **values))

    def line_after_ctrl_c(self, key: str) -> None:
        """Write a sentence below the ^C that a terminal has just shown."""
        if self.console.is_terminal:
            self.write("")
        self.line(key)

    def write(self, text: str, style: str = "") -> None:
        """Write words as they are: nothing in them is markup; only a terminal folds them."""
        self.console.print(
            Text(text, style=style), soft_wrap=not self.console.is_terminal, highlight=False
        )

    @contextmanager
    def step(self, key: str, **values: object) -> Iterator[Callable[[str], None]]:
        """Show a step while it runs, and its name and time when it is done.

        Yields:
            A function that takes a line to show beside the name, on a terminal.
        """
        moving = Moving(self.messages.text(key, **values), self.messages)

        def detail(line: str) -> None:
            moving.detail = line

        if self.console.is_terminal:
            with Live(moving, console=self.console, refresh_per_second=8, transient=True):
                yield detail
        else:
            self.write(f"  … {moving.name}")
            yield detail
        self.console.print(
            Text.assemble("  ", ("✓", "green"), f" {moving.name}  ", (moving.time(1), "dim")),
            soft_wrap=not self.console.is_terminal,
        )

    def error(self, error: RaggenError) -> None:
        """Write what went wrong and what to do, with the end of the log where there is one."""
        self._problem(error, "red")

    def warn(self, error: RaggenError) -> None:
        """Write what went wrong, where raggen goes on without."""
        self._problem(error, "yellow")

    def _problem(self, error: RaggenError, style: str) -> None:
        for line in error.tail:
            self.write(f"  │ {line}", "dim")
        first, _, rest = self.messages.text(error.key, **error.values).partition("\n")
        self.write(first, style)
        if rest:
            self.write(rest)

    def panel(self, title: str, rows: list[tuple[str, str]]) -> None:
        """Write names and values: in a frame on a terminal, one a line elsewhere."""
        if not self.console.is_terminal:
            self.write(title)
            for name, value in rows:
                self.write(f"  {name}: {value}")
            return
        table = Table.grid(padding=(0, 2))
        narrow = self.console.width < 60
        for name, value in rows:
            if narrow:
                table.add_row(Text(name, style="dim"))
                table.add_row(Text(value, overflow="fold"))
            else:
                table.add_row(Text(name, style="dim", no_wrap=True), Text(value, overflow="fold"))
        self.console.print(
            Panel(table, title=title, title_align="left", border_style="green", padding=(1, 2),
                  expand=False)
        )  # fmt: skip
