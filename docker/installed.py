"""A machine on which Caretaker is installed as docs/operations.md says of a warm standby."""

import contextlib
import json
import os
import pathlib
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request

from machine import Machine

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "Tests" / folder) for folder in ("Cloud", "Pages", "Faults")]

from cloud.names import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY, STACK  # noqa: E402
from people import Form, Person  # noqa: E402
from portal import CONFIGURATION, NO_BLOG, NO_GITHUB  # noqa: E402

BUCKET = "example-caretaker-anchors"
LEASE_S = 12
LEASE = f"lease: s3://{BUCKET}/takeover/lease\nlease_seconds: {LEASE_S}\n"
DATA = "var/lib/caretaker"
UNIT, COPY = "caretaker.service", "caretaker-replica.service"
UNITS = "etc/systemd/system"
KEYS = {"AWS_ACCESS_KEY_ID": ACCESS_KEY_ID, "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY}
# One that is run, whose resource is locked then, and one that is proposed again and again.
RUN = "kind=ecs.count&count=2"
PROPOSED = "kind=rds.class&class=db.t3.small&when=now"
NEVER_POLLS_AGAIN_S = 3_600
# What the machines have not in common, for they share one network; and keys, for they have no role.
HERE = """\
[Service]
Environment=CARETAKER_LISTEN=127.0.0.1:{port}
EnvironmentFile=/etc/caretaker/replica.env
LoadCredential=replica.env:/etc/caretaker/replica.env
"""


class Installed(Machine):
    """One of the machines that share a lease. It uses its port, and the next one."""

    def __init__(
        self, name: str, system: pathlib.Path, folder: pathlib.Path, port: int, endpoint: str
    ):
        super().__init__(name, system, folder)
        self.url = f"http://127.0.0.1:{port}"
        portal = CONFIGURATION.format(
            folder="/var/lib", port=port, assets="/opt/caretaker", poll_s=NEVER_POLLS_AGAIN_S,
            stack=STACK, region=REGION, endpoint=endpoint, asks_costs="false",
        ).replace("/var/lib/data", f"/{DATA}")  # fmt: skip
        place = {"type": "s3", "bucket": BUCKET, "path": "takeover/copy", "region": REGION}
        place |= {"endpoint": endpoint, "force-path-style": True, "sync-interval": "1s"}
        copied = [{"path": f"/{DATA}/caretaker.sqlite", "replica": place}]
        metrics = f"127.0.0.1:{port + 1}"
        docker = ROOT / "docker"
        self.put("etc/caretaker/caretaker.yaml", portal + NO_BLOG + NO_GITHUB + LEASE)
        # JSON is YAML.
        self.put("etc/caretaker/litestream.yml", json.dumps({"dbs": copied, "addr": metrics}))
        keys = "".join(f"{key}={value}\n" for key, value in KEYS.items())
        self.put("etc/caretaker/replica.env", keys, mode=0o600)
        self.put(f"{UNITS}/{COPY}", (docker / COPY).read_text())
        for unit in ("caretaker", "caretaker-replica"):
            content = (docker / "standby" / f"{unit}.conf").read_text()
            self.put(f"{UNITS}/{unit}.service.d/standby.conf", content)
        self.put(f"{UNITS}/{UNIT}.d/here.conf", HERE.format(port=port))
        self.put("opt/caretaker/stand-by", (docker / "standby/stand-by").read_text(), mode=0o755)

    def begin(self) -> None:
        """Has the portal start, now and whenever the machine does."""
        self.systemctl("enable", UNIT)
        self.systemctl("start", "--no-block", UNIT)

    def take_keys_of(self, other: "Installed") -> None:
        """What is copied by hand."""
        for name in ("audit.key", "factor.key"):
            source, target = other.root / DATA / name, self.root / DATA / name
            target.write_bytes(source.read_bytes())
            target.chmod(0o400)
            os.chown(target, source.stat().st_uid, source.stat().st_gid)

    def command(self, *words: str, **options) -> subprocess.CompletedProcess:
        """A command of Caretaker, as its account."""
        command = ["runuser", "-u", "caretaker", "--", "caretaker", *words]
        configuration = ["--config", "/etc/caretaker/caretaker.yaml"]
        return self.run(*command, *configuration, env=os.environ | KEYS, **options)

    @property
    def status(self) -> int | None:
        """Of the sign-in page; None where nobody answers."""
        try:
            with urllib.request.urlopen(f"{self.url}/sign-in", timeout=5) as answer:
                return answer.status
        except urllib.error.HTTPError as answer:
            return answer.code
        except OSError:
            return None

    def works(self) -> bool:
        return self.status == 200

    def stands_by(self) -> bool:
        return self.status == 503 and self.state(UNIT) == "activating"

    def log(self) -> list[bytes]:
        """Every entry of its audit log, whether or not the machine is on."""
        path = self.root / DATA / "caretaker.sqlite"
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            return [row[0] for row in database.execute("SELECT bytes FROM audit ORDER BY seq")]


class People:
    """Who uses whichever portal works."""

    def __init__(self) -> None:
        self.passwords: dict[str, str] = {}
        self._changes = 0

    def at(self, machine: Installed, login: str) -> Person:
        return Person(machine.url, login, self.passwords[login]).signed_in()

    def write(self, machine: Installed, times: int = 4) -> list[bytes]:
        """Proposes changes and withdraws them; the log with that."""
        ana = self.at(machine, "ana")
        for _ in range(times):
            sent(ana.form(self._propose(ana, PROPOSED), "/withdrawal"))
            time.sleep(0.3)  # One person may ask for 20 pages a second.
        return machine.log()

    def run(self, machine: Installed) -> None:
        """Has a change run, and does not wait for its end."""
        ana, ben = self.at(machine, "ana"), self.at(machine, "ben")
        change = self._propose(ana, RUN)
        sent(ben.form(change, "/approval"), password=ben.password)
        sent(ana.form(change, "/execution"), password=ana.password)

    def _propose(self, ana: Person, wanted: str) -> str:
        sent(ana.form(f"/changes/preview?{wanted}", "/changes"), reason="newsletter")
        self._changes += 1
        return f"/changes/{self._changes}"


def sent(form: Form, **fields: str) -> None:
    status = form.send(**fields).status
    if status != 303:
        raise RuntimeError(f"a form was answered with {status}")
