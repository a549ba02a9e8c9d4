"""The time from the first service's start to the last one's end."""

import asyncio
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass

from raggen_cli import local_model, logs, ports, services, signals
from raggen_cli.activation import Activation
from raggen_cli.backup import settling
from raggen_cli.child import ChildSpec
from raggen_cli.layout import Layout
from raggen_cli.ready_file import ReadyFile
from raggen_cli.screen import Screen
from raggen_cli.services import Addresses
from raggen_cli.settings import Settings
from raggen_cli.supervisor import Died, Event, Supervisor, describe


@dataclass
class Session:
    """Both services, the local model's door, and what the person is told about them."""

    layout: Layout
    settings: Settings
    environment: Mapping[str, str]
    screen: Screen
    addresses: Addresses
    ready_file: ReadyFile

    async def run(self, started: float) -> int:
        """Run until somebody stops us, then stop everything.

        Args:
            started: time.monotonic() of the command's start, for the time shown.

        Returns:
            The exit code, 0.

        Raises:
            ServiceError: a service did not start, or keeps dying. Everything is stopped then too.
        """
        supervisor = Supervisor(self.specs(), tell=lambda event: self.tell(event, supervisor))
        door = Activation(self.local_model_spec, tell=self.tell_local_model)

        def hurry() -> None:
            supervisor.hurry()
            door.kill()

        try:
            if self.addresses.local_model is not None:
                await door.listen(ports.bind(self.addresses.local_model))
            await signals.run_until_stopped(
                self.work(supervisor, started),
                lambda: self.screen.line_after_ctrl_c("stopping"),
                hurry,
            )
        finally:
            await supervisor.stop()
            await door.close()
            self.ready_file.remove()
        self.screen.line("stopped")
        return 0

    async def work(self, supervisor: Supervisor, started: float) -> None:
        """Start, say where, keep running."""
        with self.screen.step("step_start"):
            await supervisor.start()
        self.write_ready_file(supervisor)
        self.welcome(time.monotonic() - started)
        behind = [
            asyncio.create_task(settling.settle(self.settings, self.addresses, self.screen)),
            asyncio.create_task(logs.keep_small(self.settings.logs_dir)),
        ]
        try:
            await supervisor.watch()
        finally:
            for task in behind:
                task.cancel()

    def specs(self) -> list[ChildSpec]:
        """Return the services in the order in which they start."""
        given = (self.layout, self.settings, self.addresses, self.environment)
        return [services.embed(*given), services.web(*given)]

    def local_model_spec(self, port: int) -> ChildSpec:
        """Return how the local model's server is started on a port."""
        return ChildSpec(
            name=services.LOCAL_MODEL,
            command=local_model.command(self.layout, port),
            environment=local_model.environment(self.layout, self.environment),
            cwd=self.layout.root,
            log=self.settings.logs_dir / "local-model.log",
            ready=lambda: services.answers(port, "/health"),
        )

    def tell(self, event: Event, supervisor: Supervisor) -> None:
        """Tell the person that a service died or is back, and scripts its new process id."""
        if isinstance(event, Died):
            self.screen.line(
                "service_restarts",
                name=event.name,
                code=describe(event.code),
                seconds=f"{event.delay:.1f}",
            )
            return
        self.screen.line("service_back", name=event.name)
        self.write_ready_file(supervisor)

    def tell_local_model(self, key: str) -> None:
        """Tell the person what the local model does."""
        self.screen.line(key, log=self.settings.logs_dir / "local-model.log")

    def write_ready_file(self, supervisor: Supervisor) -> None:
        """Write addresses and process ids for scripts."""
        children = supervisor.children.items()
        pids = {name.removeprefix("raggen-"): child.pid for name, child in children}
        pids["raggen"] = os.getpid()
        self.ready_file.write(
            self.addresses.urls(), pids, self.settings.data_dir, self.settings.logs_dir
        )

    def welcome(self, seconds: float) -> None:
        """Write the address to open, and what is behind it."""
        text = self.screen.messages.text
        has_model = self.addresses.local_model is not None
        self.screen.panel(
            text("ready", seconds=f"{seconds:.1f}"),
            [
                (text("ready_open"), self.addresses.urls()["web"]),
                (text("ready_answers"), text("answers_all" if has_model else "answers_no_model")),
                (text("ready_data"), str(self.settings.data_dir)),
                (text("ready_logs"), str(self.settings.logs_dir)),
                (text("ready_stop"), "Ctrl-C"),
            ],
        )
