"""What becomes of two machines that share a lease, each with systemd, the package and Litestream.

One works and the other stands by. The one that works is killed with all that runs on it, told to
stop while a change runs, made to stand still, and shut down; each time the other has to have every
entry of the log, and the one that comes back has to stand by.
"""

import contextlib
import pathlib
import secrets
import time
from collections.abc import Iterator

from installed import COPY, DATA, LEASE_S, UNIT, Installed, People
from machine import until

# Found once `installed` has said where.
from cloud import process
from portal import PEOPLE
from walk import AT_ONCE, SOUND

WITHIN_S = 120
TAKEN_OVER_S = LEASE_S + 30
COPIED_S = 3  # The copy is a second behind.
UPGRADED_WITHIN_S = 20
POSTINST = "/var/lib/dpkg/info/caretaker.postinst"
# Long enough for the portal to be told to stop before the call is answered.
ON_ITS_WAY = {"service": "ecs", "operation": "UpdateService", "latency_ms": 4_000}
SANDBOX = {"NoNewPrivs": "1", "Seccomp": "2", "CapBnd": "0000000000000000"}
ENDS = ("killed", "stopped", "still", "shut_down")
TARGETS = (
    {
        "pair_sandbox_gaps": ("≤", 0),
        "pair_standby_copies": ("≤", 0),
        "pair_standby_machine_started": ("≥", 1),
        "pair_standby_upgraded_in_s": ("≤", UPGRADED_WITHIN_S),
        "pair_standby_stopped_as_failed": ("≤", 0),
        "pair_stale_put_aside": ("≥", 1),
        "pair_log_sound": ("≥", 1),
    }
    | {f"pair_{end}_taken_over_s": ("≤", TAKEN_OVER_S) for end in ENDS}
    | {f"pair_{end}_entries_lost": ("≤", 0) for end in ENDS}
)


def figures(system: pathlib.Path, folder: pathlib.Path, port: int) -> dict[str, float]:
    """Of two machines with this system; what they say is kept in the folder."""
    with process.running(AT_ONCE) as cloud, pair(system, folder, port, cloud.url) as (one, two):
        cloud.post("reset")
        people = begin(one, two)
        found = {"sandbox_gaps": sandbox_gaps(one)} | standing_by(two)
        found |= killed(one, two, people)
        cloud.post("faults", [ON_ITS_WAY])
        found |= stopped(two, one, people)
        found["stale_put_aside"] = len(list((one.root / DATA).glob("stale-*.sqlite")))
        found |= stood_still(one, two, people)
        found |= shut_down(two, one, people)
        verified = one.run("caretaker", "audit", "verify", f"/{DATA}/caretaker.sqlite")
        found["log_sound"] = int(verified.returncode in SOUND)
    return {f"pair_{name}": value for name, value in found.items()}


@contextlib.contextmanager
def pair(
    system: pathlib.Path, folder: pathlib.Path, port: int, endpoint: str
) -> Iterator[tuple[Installed, Installed]]:
    with contextlib.ExitStack() as machines:
        both = [
            machines.enter_context(Installed(name, system, folder, port + 2 * place, endpoint))
            for place, name in enumerate(("one", "two"))
        ]
        yield both[0], both[1]


def begin(one: Installed, two: Installed) -> People:
    """The first start of both; the first one works."""
    people = People()
    one.start()
    for login, (name, role) in PEOPLE.items():
        people.passwords[login] = secrets.token_urlsafe(12)
        words = ["--login", login, "--name", name, "--role", role, "--password-stdin"]
        done = one.command("user", "add", *words, input=people.passwords[login] + "\n")
        done.check_returncode()
    one.begin()
    until(one.works, "the first portal", WITHIN_S)
    two.take_keys_of(one)
    two.start()
    two.begin()
    until(two.stands_by, "standing by", WITHIN_S)
    return people


def sandbox_gaps(machine: Installed) -> int:
    """What the unit takes from the process and did not."""
    process_id = machine.property(UNIT, "MainPID")
    lines = machine.run("cat", f"/proc/{process_id}/status").stdout.splitlines()
    found = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
    return sum(found.get(name) != value for name, value in SANDBOX.items())


def standing_by(machine: Installed) -> dict[str, float]:
    """What somebody does to the machine that stands by."""
    has_started = machine.state("multi-user.target") == "active"
    machine.systemctl("start", COPY)
    copies = machine.state(COPY) == "active"
    begun = time.monotonic()
    with contextlib.suppress(TimeoutError):
        machine.run("timeout", str(UPGRADED_WITHIN_S + 1), POSTINST, "configure", "0")
    upgraded_in_s = time.monotonic() - begun
    until(machine.stands_by, "standing by after an upgrade", WITHIN_S)
    machine.systemctl("stop", UNIT)
    is_failed = machine.state(UNIT) == "failed"
    machine.systemctl("start", "--no-block", UNIT)
    until(machine.stands_by, "standing by again", WITHIN_S)
    return {
        "standby_copies": int(copies),
        "standby_machine_started": int(has_started),
        "standby_upgraded_in_s": upgraded_in_s,
        "standby_stopped_as_failed": int(is_failed),
    }


def killed(works: Installed, waits: Installed, people: People) -> dict[str, float]:
    """The plug is pulled; then the machine starts again, with what is on its disk."""
    people.write(works)
    time.sleep(COPIED_S)
    before = works.log()
    works.kill()
    found = taken_over("killed", waits, before)
    works.start()
    until(works.stands_by, "what failed stands by", WITHIN_S)
    return found


def stopped(works: Installed, waits: Installed, people: People) -> dict[str, float]:
    """In order, while a change runs: its call is answered and noted before the portal ends."""
    people.run(works)
    works.systemctl("stop", UNIT)
    found = taken_over("stopped", waits, works.log())
    works.systemctl("start", "--no-block", UNIT)
    until(works.stands_by, "what was stopped stands by", WITHIN_S)
    return found


def stood_still(works: Installed, waits: Installed, people: People) -> dict[str, float]:
    """What stood still wakes when the other works, and must not spoil the other's copy."""
    people.write(works)
    time.sleep(COPIED_S)
    before = works.log()
    works.stand_still()
    found = taken_over("still", waits, before)
    works.stand_still(False)
    until(works.stands_by, "what stood still stands by", WITHIN_S)
    people.write(waits)
    return found


def shut_down(works: Installed, waits: Installed, people: People) -> dict[str, float]:
    """The whole machine, in order, a moment after somebody has written."""
    people.write(works)
    works.power_off()
    return taken_over("shut_down", waits, works.log())


def taken_over(end: str, machine: Installed, before: list[bytes]) -> dict[str, float]:
    """How long it took the machine that stood by, and what of the log it has not."""
    seconds = until(machine.works, f"taking over from what was {end}", WITHIN_S)
    kept = machine.log()[: len(before)]
    same = sum(mine == theirs for mine, theirs in zip(kept, before, strict=False))
    return {f"{end}_taken_over_s": seconds, f"{end}_entries_lost": len(before) - same}
