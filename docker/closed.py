"""A program in a root of its own: read-only but for its data and /tmp, as nobody special."""

import contextlib
import http.client
import os
import pathlib
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

READY_WITHIN_S = 120
# With nothing to finish it takes a moment; the unit and the others allow for a theme's upload.
STOP_WITHIN_S = 60
ROOM = """\
set -e
mount --bind "$ROOM" "$ROOM"
mount --bind "$DATA" "$ROOM/var/lib/caretaker"
mount -o remount,bind,ro "$ROOM"
mount -t proc proc "$ROOM/proc"
mount -t tmpfs tmpfs "$ROOM/tmp"
mount --bind /dev "$ROOM/dev"
exec chroot "$ROOM" setpriv --reuid "$ID" --regid "$ID" --clear-groups --no-new-privs \
  --bounding-set=-all --inh-caps=-all -- env -i PATH=/usr/bin:/bin HOME=/var/lib/caretaker "$@"
"""
# Where it may write, and where it may not.
OPEN = ("/var/lib/caretaker", "/tmp")
PLACES = ("/opt/caretaker", "/etc", "/usr/bin", "/var/log", "/")


class Room:
    """A root, the account that runs in it, and the folder that is its data."""

    def __init__(
        self, root: pathlib.Path, user_id: int, data: pathlib.Path, port: int,
        variables: tuple[str, ...] = (),
    ):  # fmt: skip
        self.root = root
        self.user_id = user_id
        self.data = data
        self.port = port
        self.variables = [
            *variables,
            f"CARETAKER_LISTEN=127.0.0.1:{port}",
            # The key pair of AWS's own documentation; no account has it.
            "AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE",
            "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        ]

    def command(self, *words: str) -> list[str]:
        return ["unshare", "--mount", "bash", "-c", ROOM, "room", *self.variables, *words]

    @property
    def environment(self) -> dict[str, str]:
        own = {"ROOM": str(self.root), "DATA": str(self.data), "ID": str(self.user_id)}
        return os.environ | own

    def run(self, *words: str) -> subprocess.CompletedProcess:
        """A command inside, to its end."""
        return subprocess.run(
            self.command(*words), env=self.environment, capture_output=True, text=True
        )

    def places_written(self) -> list[str]:
        """Those of the places that could be written after all; what tries it can write at all."""
        script = 'for place; do touch "$place/.tried" 2>/dev/null && echo "$place"; done; true'
        written = self.run("bash", "-c", script, "places", *OPEN, *PLACES).stdout.split()
        if missing := set(OPEN) - set(written):
            sys.exit(f"prove: {', '.join(sorted(missing))} cannot be written in {self.root}")
        return [place for place in written if place in PLACES]

    @contextlib.contextmanager
    def running(
        self, log: pathlib.Path, *words: str, is_ready: Callable[[], bool] | None = None
    ) -> Iterator["Stop"]:
        """A program inside, once it is ready (the portal: once it answers); stopped at the end."""
        with log.open("w") as output:
            process = subprocess.Popen(
                self.command(*words), env=self.environment, stdout=output, stderr=output
            )
        stop = Stop(process)
        try:
            wait_until(is_ready or self.answers, process, log)
            yield stop
        finally:
            stop.end()

    def answers(self) -> bool:
        with contextlib.suppress(OSError):
            return self.sign_in_status() > 0
        return False

    def sign_in_status(self) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        with contextlib.closing(connection):
            connection.request("GET", "/sign-in")
            answer = connection.getresponse()
            answer.read()
            return answer.status


def wait_until(
    is_ready: Callable[[], bool], process: subprocess.Popen, log: pathlib.Path
) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while process.poll() is None and not is_ready():
        if time.monotonic() > deadline:
            sys.exit(f"prove: what was started is not ready after {READY_WITHIN_S} s; see {log}")
        time.sleep(0.1)
    if process.poll() is not None:
        sys.exit(f"prove: what was started has ended; {log} says why")


class Stop:
    """The end of a process: how long it took, and its status."""

    def __init__(self, process: subprocess.Popen):
        self._process = process
        self.seconds = float("inf")
        self.status: int | None = None

    def end(self) -> None:
        if self.status is not None:
            return
        began = time.monotonic()
        self._process.send_signal(signal.SIGTERM)
        try:
            self.status = self._process.wait(STOP_WITHIN_S)
            self.seconds = time.monotonic() - began
        except subprocess.TimeoutExpired:
            self._process.kill()
            self.status = self._process.wait()
