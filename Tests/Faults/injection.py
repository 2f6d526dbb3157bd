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
FILE_SYSTEM_BYTES = 256 << 20
# What a trap of Swift's is compiled to, and the signals it ends a process by.
TRAP = {"x86_64": b"\x0f\x0b", "aarch64": b"\x20\x00\x20\xd4"}[os.uname().machine]
TRAPPED = (-signal.SIGILL, -signal.SIGTRAP)
# Where libcurl looks for the authorities it trusts.
AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt"
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
def traced(scene: Scene, calls: str, *options: str | pathlib.Path) -> Iterator[None]:
    """strace sees these system calls of every thread of the portal, until the end of the block."""
    line = ["strace", "-f", "-qq", "-p", scene.portal.pid, "-e", f"trace={calls}", *options]
    tracer = subprocess.Popen([*map(str, line)])
    tasks = pathlib.Path("/proc", str(scene.portal.pid), "task")
    while any("TracerPid:\t0\n" in _status(task) for task in tasks.iterdir()):
        time.sleep(0.05)
    try:
        yield
    finally:
        tracer.send_signal(signal.SIGINT)
        tracer.wait()


def injected(scene: Scene, calls: str, fault: str) -> contextlib.AbstractContextManager[None]:
    """Each of these system calls of the portal fails, until the end of the block."""
    return traced(scene, calls, "-o", "/dev/null", "-e", f"inject={calls}:{fault}")


def _status(task: pathlib.Path) -> str:
    with contextlib.suppress(OSError):
        return (task / "status").read_text()
    return ""


def own_disk(
    scene: Scene, folder: pathlib.Path, options: str = TMPFS
) -> contextlib.AbstractContextManager[pathlib.Path]:
    """A folder of the scene on a disk of its own."""
    return _mounted(scene, folder, "-t", "tmpfs", "-o", options, "tmpfs")


def own_file_system(
    scene: Scene, folder: pathlib.Path
) -> contextlib.AbstractContextManager[pathlib.Path]:
    """The same on ext4, which turns read-only at its first error."""
    image = folder.with_suffix(".ext4")
    with image.open("wb") as file:
        file.truncate(FILE_SYSTEM_BYTES)
    subprocess.run(["mkfs.ext4", "-q", "-F", image], check=True)
    return _mounted(scene, folder, "-o", "loop,errors=remount-ro", image)


def turn_read_only(folder: pathlib.Path) -> None:
    """The file system mounted there comes upon an error."""
    for line in pathlib.Path("/proc/mounts").read_text().splitlines():
        device, place, *_ = line.split()
        if place == str(folder):
            name = device.rpartition("/")[2]
            pathlib.Path("/sys/fs/ext4", name, "trigger_fs_error").write_text("a fault")


@contextlib.contextmanager
def _mounted(
    scene: Scene, folder: pathlib.Path, *mounting: str | pathlib.Path
) -> Iterator[pathlib.Path]:
    """A folder of the scene on what `mount` puts there."""
    kept = folder.with_name(folder.name + "-kept")
    folder.mkdir(mode=0o700, exist_ok=True)
    folder.rename(kept)
    folder.mkdir(mode=0o700)
    subprocess.run(["mount", *mounting, folder], check=True)
    try:
        folder.chmod(0o700)
        for found in folder.iterdir():
            found.rmdir()  # lost+found
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


def set_traps(pid: int) -> None:
    """Each thread that is in a system call traps as it comes back from it."""
    process = pathlib.Path("/proc", str(pid))
    with (process / "mem").open("r+b", buffering=0) as memory:
        for task in (process / "task").iterdir():
            # Its number, arguments, stack and instruction pointer; or that it is running.
            *_, place = (task / "syscall").read_text().split()
            if place != "running":
                memory.seek(int(place, 16))
                memory.write(TRAP)


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


def trusting(authority: pathlib.Path) -> list[str]:
    """What runs a portal whose machine trusts this authority, and none besides."""
    script = f'mount --bind "$0" {AUTHORITIES} && exec "$@"'
    return ["unshare", "--mount", "sh", "-c", script, str(authority)]


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
