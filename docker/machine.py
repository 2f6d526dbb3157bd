"""A machine on this machine: Debian's systemd as the first process of namespaces of its own.

It has a disk that stays, its own processes, mounts, control groups and name, and shares the network
and the kernel. Ending its first process ends all of it at once, as pulling the plug does.
"""

import contextlib
import os
import pathlib
import signal
import subprocess
import time
from typing import Self

BOOT_WITHIN_S = 60
JOURNAL = "var/log/journal"
# What would set up the kernel, which is not the machine's own, or look for disks.
MASKED = ("systemd-sysctl", "systemd-modules-load", "e2scrub_reap")
GROUPS = pathlib.Path("/sys/fs/cgroup")
# The kernel's settings are those of this machine too, so they can't be written.
BOOT = """\
set -e
echo $BASHPID > "$GROUP/cgroup.procs"
exec unshare --pid --mount --cgroup --uts --ipc --fork --kill-child -- bash -e -c '
hostname "$NAME"
mount -t proc proc "$ROOT/proc"
mount --bind "$ROOT/proc/sys" "$ROOT/proc/sys"
mount -o remount,bind,ro "$ROOT/proc/sys"
mount -t sysfs -o ro sysfs "$ROOT/sys"
mount -t cgroup2 cgroup2 "$ROOT/sys/fs/cgroup"
mount -t tmpfs -o mode=755 tmpfs "$ROOT/run"
mount -t tmpfs -o mode=1777 tmpfs "$ROOT/tmp"
mount -t tmpfs -o mode=755 tmpfs "$ROOT/dev"
for device in null zero full random urandom tty; do
  touch "$ROOT/dev/$device"
  mount --bind "/dev/$device" "$ROOT/dev/$device"
done
mkdir "$ROOT/dev/pts" "$ROOT/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$ROOT/dev/pts"
ln -s pts/ptmx "$ROOT/dev/ptmx"
ln -s /proc/self/fd "$ROOT/dev/fd"
mount -t tmpfs -o mode=1777 tmpfs "$ROOT/dev/shm"
mkdir -p "$ROOT/before"
cd "$ROOT"
pivot_root . before
umount --lazy /before
exec env -i container=prove PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 /lib/systemd/systemd
'
"""


class Machine:
    """A machine of a system that others may have too, and a disk of its own; off at the end of the
    block."""

    def __init__(self, name: str, system: pathlib.Path, folder: pathlib.Path):
        self.name = name
        self.root = folder / f"{name}.root"
        self._log = folder / f"{name}.log"
        self._group = unified() / f"caretaker-{os.getpid()}-{name}"
        self._process: subprocess.Popen | None = None
        disk, work = folder / f"{name}.disk", folder / f"{name}.work"
        for path in (self.root, disk, work):
            path.mkdir(parents=True)
        layers = f"lowerdir={system},upperdir={disk},workdir={work}"
        command = ["mount", "-t", "overlay", "overlay", "-o", layers, self.root]
        subprocess.run(command, check=True)
        self.put("etc/hostname", f"{name}\n")
        (self.root / JOURNAL).mkdir(exist_ok=True)  # Where it is, the journal outlives a start.
        for unit in MASKED:
            (self.root / f"etc/systemd/system/{unit}.service").symlink_to("/dev/null")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process:
            self.kill()
        with self._log.open("ab") as log:
            command = ["chroot", self.root, "journalctl", "--no-pager", f"--directory=/{JOURNAL}"]
            subprocess.run(command, stdout=log)
        subprocess.run(["umount", self.root], check=True)
        for group, _, _ in os.walk(self._group, topdown=False):
            os.rmdir(group)

    def start(self) -> None:
        """Returns once systemd answers."""
        self._group.mkdir(exist_ok=True)
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                ["bash", "-c", BOOT], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "NAME": self.name,
                     "ROOT": str(self.root), "GROUP": str(self._group)},
            )  # fmt: skip
        until(self._answers, f"systemd of {self.name}", BOOT_WITHIN_S)

    def _answers(self) -> bool:
        booted = ("starting", "running", "degraded")
        return bool(self._first()) and self.systemctl("is-system-running").strip() in booted

    def _first(self) -> str:
        """The first process of the machine, by its number here."""
        with contextlib.suppress(OSError):
            number = self._process.pid
            return pathlib.Path(f"/proc/{number}/task/{number}/children").read_text().strip()
        return ""

    def kill(self) -> None:
        """Pulls the plug: with the first process the kernel ends all others, and then this one."""
        if first := self._first():
            os.kill(int(first), signal.SIGKILL)
        self._process.wait()

    def stand_still(self, is_still: bool = True) -> None:
        """All of it stands still, or goes on, as what runs on a machine that is moved does."""
        (self._group / "cgroup.freeze").write_text(str(int(is_still)))

    def power_off(self) -> None:
        """In order, as somebody does who has time."""
        self.systemctl("--no-block", "poweroff")
        self._process.wait()

    def run(self, *words: str, **options) -> subprocess.CompletedProcess:
        """A command inside, to its end."""
        command = ["nsenter", "--target", self._first(), "--all", "--", *words]
        return subprocess.run(command, capture_output=True, text=True, **options)

    def systemctl(self, *words: str) -> str:
        done = self.run("systemctl", *words)
        return done.stdout + done.stderr

    def property(self, unit: str, name: str) -> str:
        """What systemd knows of a unit."""
        return self.systemctl("show", "--value", f"--property={name}", unit).strip()

    def state(self, unit: str) -> str:
        return self.property(unit, "ActiveState")

    def put(self, place: str, content: str | bytes, mode: int = 0o644) -> None:
        """A file on its disk."""
        path = self.root / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        path.chmod(mode)


def unified() -> pathlib.Path:
    """Where the control groups of version 2 are."""
    return GROUPS / "unified" if (GROUPS / "unified").is_dir() else GROUPS


def until(holds, what: str, within_s: float) -> float:
    """Waits for it; how long that took."""
    begun = time.monotonic()
    while not holds():
        if time.monotonic() - begun > within_s:
            raise TimeoutError(f"{what} did not come within {within_s} s")
        time.sleep(0.1)
    return time.monotonic() - begun
