"""Starts and stops the two servers of the Procfile, each on a free port, with a log of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from pathlib import Path

import yaml
from honcho.environ import parse_procfile

from scripts.commands import stop_group, telling_lines
from scripts.servers import answers, ready_urls
from scripts.settings import HOST, ROOT, environment_for_tests
from tests.e2e.talk import Talk

_START_LIMIT = 180.0
_TOKEN = "end-to-end-token"


class Server:
    """One server process; only what was started here is ever stopped."""

    def __init__(self, name: str, command: str, log: Path, url: str, variables: dict[str, str]):
        """Takes the command of the Procfile and the address that answers when it is ready."""
        self.name, self.command, self.log, self.url = name, command, log, url
        self.variables = variables
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts the process without waiting for it."""
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                ["/bin/sh", "-c", self.command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=self.variables,
                cwd=ROOT,
                start_new_session=True,
            )

    def wait_until_ready(self) -> None:
        """Waits until the server answers.

        Raises:
            RuntimeError: It ended, or was not ready in time; the text holds its last lines.
        """
        give_up = time.monotonic() + _START_LIMIT
        while not answers(self.url):
            ended = self.process is None or self.process.poll() is not None
            if ended or time.monotonic() > give_up:
                lines = "\n  ".join(telling_lines(self.log.read_text("utf-8", "replace")))
                how = "ended" if ended else "was not ready in time"
                raise RuntimeError(f"the server `{self.name}` {how} ({self.log}):\n  {lines}")
            time.sleep(0.2)

    def stop(self) -> None:
        """Stops the process, if it runs."""
        if self.process is not None and self.process.poll() is None:
            stop_group(self.process)
        self.process = None


class Assistant:
    """Both servers with a database of their own in `folder`."""

    def __init__(self, folder: Path):
        """Prepares everything; nothing runs yet."""
        self.database = folder / "clinic.db"
        self.conversation_key = "end-to-end-conversation-key"
        rasa_port, action_port = free_ports(2)
        self.variables = {
            **environment_for_tests(),
            "RASA_PORT": str(rasa_port),
            "ACTION_PORT": str(action_port),
            "RASA_TOKEN": _TOKEN,
            "DATABASE_URL": f"sqlite:///{self.database}",
            "CONVERSATION_KEY": self.conversation_key,
            # All tests come from one address.
            "WEB_MESSAGES_PER_MINUTE": "5000",
            "WEB_SESSIONS_PER_MINUTE": "5000",
            "WEB_REQUESTS_PER_MINUTE": "50000",
            "CONTENT_DIR": str(content_without_holidays(folder / "content")),
        }
        commands = parse_procfile((ROOT / "Procfile").read_text("utf-8")).processes
        action_url, rasa_url = ready_urls(self.variables)
        self.actions = Server(
            "actions", commands["actions"], folder / "actions.log", action_url, self.variables
        )
        self.rasa = Server("rasa", commands["rasa"], folder / "rasa.log", rasa_url, self.variables)
        self.url = f"http://{HOST}:{rasa_port}"
        self.said: set[str] = set()
        """Everything that was typed and must not stand in a log."""

    def start(self) -> None:
        """Migrates the database and starts both servers."""
        migrate = [*("python", "-m", "clinic.storage.migrate")]
        subprocess.run(migrate, env=self.variables, cwd=ROOT, check=True, capture_output=True)
        for server in (self.actions, self.rasa):
            server.start()
        for server in (self.actions, self.rasa):
            server.wait_until_ready()

    def stop(self) -> None:
        """Stops both servers."""
        for server in (self.rasa, self.actions):
            server.stop()

    def logs(self) -> dict[str, str]:
        """Returns what the servers have logged so far, by server."""
        return {
            server.name: server.log.read_text("utf-8", "replace")
            for server in (self.rasa, self.actions)
        }

    def talk(self, sender: str) -> Talk:
        """Opens a conversation under a sender id."""
        return Talk(self.url, _TOKEN, sender, self.said)


def free_ports(count: int) -> list[int]:
    """Returns ports of the loopback address that nobody listens on."""
    probes = [socket.create_server((HOST, 0)) for _ in range(count)]
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def content_without_holidays(folder: Path) -> Path:
    """Copies data/content, with a clinic that never has holidays: tests must pass on every day."""
    folder.mkdir()
    for path in (ROOT / "data" / "content").iterdir():
        if path.name != "clinic.yml":
            os.symlink(path, folder / path.name)
    profile = yaml.safe_load((ROOT / "data/content/clinic.yml").read_text("utf-8"))
    profile |= {"closed": [], "holidays_country": None}
    (folder / "clinic.yml").write_text(yaml.safe_dump(profile, allow_unicode=True), "utf-8")
    return folder
