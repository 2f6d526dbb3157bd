"""How a machine is made to fail beneath a portal: system calls, disks, limits, the clock."""

import contextlib
import functools
import os
import pathlib
import shutil
import signal
import struct
import subprocess
import time
from collections.abc import Iterator

from portal import BINARY, Portal, environment
from walk import Scene

TMPFS = "size=160m,mode=0700"  # Room for the ballast, and some.
COMMAND_WITHIN_S = 120


def command(
    scene: Scene, *words, under: list = (), said: str = "", bare: bool = False
) -> subprocess.CompletedProcess:
    """A command of the scene's configuration, or a `bare` one that takes none; `under` is what runs
    it, `said` its input."""
    line = [*under, BINARY, *words]
    line += [] if bare else ["--config", scene.portal._configuration]
    return subprocess.run(
        [*map(str, line)], env=environment(), timeout=COMMAND_WITHIN_S, input=said,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def refusal(ended: subprocess.CompletedProcess) -> str:
    """The sentence a command ended with; empty when it went well, or ended otherwise."""
    said = ended.stderr.strip()
    return said if ended.returncode > 0 and "Fatal error" not in said else ""


def killing(calls: str, number: int) -> list[str]:
    """What runs a command that is killed where a thread makes one of the calls for the nth time."""
    fault = f"inject={calls}:signal=KILL:when={number}"
    return ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={calls}", "-e", fault]


@contextlib.contextmanager
def injected(scene: Scene, calls: str, fault: str) -> Iterator[None]:
    """Each of these system calls of the portal fails, until the end of the block."""
    line = ["strace", "-f", "-qq", "-o", "/dev/null", "-p", str(scene.portal.pid)]
    line += ["-e", f"trace={calls}", "-e", f"inject={calls}:{fault}"]
    tracer = subprocess.Popen(line)
    tasks = pathlib.Path("/proc", str(scene.portal.pid), "task")
    while any("TracerPid:\t0\n" in _status(task) for task in tasks.iterdir()):
        time.sleep(0.05)
    try:
        yield
    finally:
        tracer.send_signal(signal.SIGINT)
        tracer.wait()


def _status(task: pathlib.Path) -> str:
    with contextlib.suppress(OSError):
        return (task / "status").read_text()
    return ""


@contextlib.contextmanager
def own_disk(scene: Scene, folder: pathlib.Path, options: str = TMPFS) -> Iterator[pathlib.Path]:
    """A folder of the scene on a disk of its own."""
    kept = folder.with_name(folder.name + "-kept")
    folder.mkdir(mode=0o700, exist_ok=True)
    folder.rename(kept)
    folder.mkdir(mode=0o700)
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], check=True)
    try:
        shutil.copytree(kept, folder, dirs_exist_ok=True)
        yield folder
    finally:
        with contextlib.suppress(Exception):
            scene.portal.kill()
        last = folder.with_name(folder.name + "-last")
        shutil.copytree(folder, last)
        subprocess.run(["umount", folder], check=True)
        shutil.rmtree(folder)
        last.rename(folder)


@contextlib.contextmanager
def filled(folder: pathlib.Path, left_bytes: int = 0) -> Iterator[None]:
    """A disk without room, but for so many bytes, until the end of the block."""
    filler = folder / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        while file.write(b"0" * 4_096):
            pass
    if left_bytes:
        os.truncate(filler, filler.stat().st_size - left_bytes)
    try:
        yield
    finally:
        filler.unlink()


def preloaded(name: str, folder: pathlib.Path) -> str:
    """A library of C beside this file, compiled into a folder."""
    library = folder / f"{name}.so"
    if not library.exists():
        source = pathlib.Path(__file__).with_name(f"{name}.c")
        line = ["cc", "-O1", "-shared", "-fPIC", "-o", library, source, "-ldl"]
        subprocess.run(line, check=True)
    return str(library)


class Shifted(Portal):
    """A portal whose clock is so many seconds off, live."""

    def __init__(self, folder: pathlib.Path, endpoint: str, **options):
        super().__init__(folder, endpoint, **options)
        self._shift = folder / "shift"
        self.shift(0)
        library = preloaded("shift", folder.parent)
        self.variables = {"LD_PRELOAD": library, "SHIFT_FILE": str(self._shift)}

    def shift(self, seconds: int) -> None:
        with self._shift.open("r+b" if self._shift.exists() else "wb") as file:
            file.write(struct.pack("=q", seconds))


def asking(endpoint: str, **options):
    """Portals whose AWS is there."""

    def portal(folder: pathlib.Path, _: str, **usual) -> Portal:
        return Portal(folder, endpoint, **usual | options)

    return portal


def saying(more: str):
    """Portals with more in their configuration."""
    return functools.partial(Portal, more=more)


def cpu_s(pid: int) -> float:
    fields = pathlib.Path("/proc", str(pid), "stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_kib(pid: int) -> int:
    for line in pathlib.Path("/proc", str(pid), "status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0


def descriptors(pid: int) -> int:
    return len(os.listdir(f"/proc/{pid}/fd"))


def threads(pid: int) -> int:
    return len(os.listdir(f"/proc/{pid}/task"))
