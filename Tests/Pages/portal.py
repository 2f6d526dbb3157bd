"""The portal as a child process, with its people, and the demo cloud for its AWS."""

import contextlib
import os
import pathlib
import resource
import secrets
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence

from cloud.names import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY, STACK
from ghost.process import RunningBlog
from github.process import RunningGitHub
from openid.process import RunningProvider

ROOT = pathlib.Path(__file__).parents[2]
BINARY = ROOT / ".build" / "debug" / "caretaker"
READY_WITHIN_S = 60
STOP_WITHIN_S = 40
POLL_S = 5
LOWEST_PORT = 20_000
PEOPLE = {
    "ana": ("Ana Requester", "operator"),
    "ben": ("Ben Approver", "approver"),
    "cleo": ("Cleo Administrator", "administrator"),
}
CONFIGURATION = """\
data: {folder}/data
listen: 127.0.0.1:{port}
assets: {assets}
demo: true
poll_seconds: {poll_s}
first_policy:
  role_age_hours: 0
sites:
  - name: Ghost blog
    stack: {stack}
    region: {region}
    endpoint: {endpoint}
    ghost_url: https://blog.example.com
    repository: example/ghost-blog
    cost_explorer: {asks_costs}
"""
# Where no peer is given, nobody answers.
NO_BLOG = "    ghost_endpoint: 127.0.0.1:1\n"
BLOG = """\
    ghost_endpoint: {endpoint}
    ca_file: {authorities}
    ghost_key_file: {folder}/ghost_key
    ghost_staff_token_file: {folder}/ghost_staff_token
"""
NO_GITHUB = "    github_endpoint: http://127.0.0.1:1\n"
GITHUB = """\
    github_endpoint: {url}
    github_token_file: {folder}/github_token
"""
OPENID = """\
openid:
  issuer: {url}
  client_id: caretaker
  client_secret_file: {folder}/openid_secret
  label: Sign in through Example
  roles:
    approvers: approver
    staff: operator
"""


class Portal:
    """A portal on a folder of its own. It can be ended, and started again on what it left."""

    # Whether a start polls, or only `poll` does.
    polls_itself = True
    # What else is in the environment of the process.
    variables: Mapping[str, str] = {}
    # What runs the process, and becomes it.
    under: Sequence[str] = ()

    def __init__(
        self,
        folder: pathlib.Path,
        endpoint: str,
        poll_s: int = POLL_S,
        asks_costs: bool = False,
        blog: RunningBlog | None = None,
        github: RunningGitHub | None = None,
        more: str = "",
        openid: RunningProvider | None = None,
        scheme: str = "http",
        serving: Sequence[str] = (),
    ):
        """`more` is added to the configuration, `serving` to the command."""
        if not BINARY.exists():
            raise RuntimeError(f"there is no {BINARY}; run: swift build")
        self.port = port = free_port()
        self.url = f"{scheme}://127.0.0.1:{port}"
        self.database = folder / "data" / "caretaker.sqlite"
        self.passwords: dict[str, str] = {}
        self._folder = folder
        self._configuration = folder / "caretaker.yaml"
        self._serving = serving
        self._process: subprocess.Popen | None = None
        (folder / "data").mkdir(mode=0o700)
        configuration = CONFIGURATION.format(
            folder=folder, port=port, assets=ROOT, stack=STACK, region=REGION,
            endpoint=endpoint, poll_s=poll_s, asks_costs=str(asks_costs).lower(),
        )  # fmt: skip
        peers = _blog(blog) + _github(github) + _openid(openid)
        self._configuration.write_text(configuration + peers + more)

    def add_person(self, login: str, name: str, role: str) -> None:
        self.passwords[login] = secrets.token_urlsafe(12)
        subprocess.run(
            [BINARY, "user", "add", "--config", self._configuration, "--password-stdin"]
            + ["--login", login, "--name", name, "--role", role],
            input=self.passwords[login] + "\n",
            text=True,
            stdout=subprocess.DEVNULL,
            env=environment(),
            check=True,
        )

    def change(self, old: str, new: str) -> None:
        """Says something else in the configuration from the next start on."""
        self._configuration.write_text(self._configuration.read_text().replace(old, new))

    def disable(self, login: str) -> None:
        self._user("disable", login)

    def link(self, login: str, account: str) -> None:
        """Notes that a person holds an account elsewhere."""
        self._user("link", login, account)

    def _user(self, command: str, login: str, *accounts: str) -> None:
        subprocess.run(
            [BINARY, "user", command, "--config", self._configuration, "--login", login]
            + [f"--account={account}" for account in accounts],
            env=environment(),
            check=True,
        )

    def check(self) -> str:
        """What `caretaker check` prints."""
        return self.command("check").stdout

    def command(self, *words: str | pathlib.Path) -> subprocess.CompletedProcess:
        """Runs a command beside it: `backup --to FOLDER`."""
        command = [BINARY, *words, "--config", self._configuration]
        return subprocess.run(command, env=environment(), capture_output=True, text=True)

    def start(self, output=None) -> None:
        """Returns when it answers. What it says goes to `output`, a file, if there is one."""
        command = [BINARY, "serve", "--config", self._configuration, *self._serving]
        self._process = subprocess.Popen(
            [*self.under, *command], env=environment() | self.variables, cwd=self._folder,
            stdout=output, stderr=output,
        )  # fmt: skip
        _wait_until_ready(self.url, self._process)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def status(self) -> int | None:
        """What it ended with, or minus the signal that ended it; None until then."""
        return self._process.poll()

    @property
    def has_ended(self) -> bool:
        return self.status is not None

    def poll(self) -> None:
        """Has AWS read once in this start."""

    def kill(self) -> None:
        """Ends it as a failing machine would: nothing of it runs any more."""
        self._process.kill()
        self._process.wait()

    def signal(self, number: int) -> None:
        self._process.send_signal(number)

    def limit_files(self, size: int) -> None:
        """No file of it grows beyond so many bytes any more: each write that would do so fails."""
        resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    def data(self, name: str) -> pathlib.Path:
        return self._folder / "data" / name

    def stop(self) -> int:
        """Tells it to end; its exit status. One that doesn't end is killed and an error."""
        self._process.terminate()
        try:
            return self._process.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            self.kill()
            raise


def _blog(blog: RunningBlog | None) -> str:
    if blog is None:
        return NO_BLOG
    folder = blog.authorities.parent
    return BLOG.format(endpoint=blog.endpoint, authorities=blog.authorities, folder=folder)


def _github(github: RunningGitHub | None) -> str:
    return GITHUB.format(url=github.url, folder=github.folder) if github else NO_GITHUB


def _openid(provider: RunningProvider | None) -> str:
    return OPENID.format(url=provider.url, folder=provider.folder) if provider else ""


@contextlib.contextmanager
def running(folder: pathlib.Path, endpoint: str, **options) -> Iterator[Portal]:
    """A portal that keeps its state in `folder` and ends with the block; `options` are those of
    `Portal`."""
    portal = Portal(folder, endpoint, **options)
    for login, (name, role) in PEOPLE.items():
        portal.add_person(login, name, role)
    try:
        portal.start()
        yield portal
    finally:
        portal.stop()


def environment() -> dict[str, str]:
    """This process's own, less whatever would point at a real account."""
    kept = {n: v for n, v in os.environ.items() if not n.startswith(("AWS_", "CARETAKER_"))}
    keys = {"AWS_ACCESS_KEY_ID": ACCESS_KEY_ID, "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY}
    return kept | keys


def free_port() -> int:
    """One that may be bound later, again and again: no connection is given it meanwhile."""
    ephemeral, _ = pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()
    while True:
        port = LOWEST_PORT + secrets.randbelow(int(ephemeral) - LOWEST_PORT)
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


def until(holds, what: str, within_s: float = 30) -> None:
    deadline = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < deadline, f"{what} did not come within {within_s} s"
        time.sleep(0.1)


def _open(url: str):
    """Whether the certificate is right is asked by tests of it."""
    anybody = ssl._create_unverified_context()
    return urllib.request.urlopen(url, timeout=READY_WITHIN_S, context=anybody)


def _wait_until_ready(url: str, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError("the portal ended at its start; its message is above")
        try:
            _open(f"{url}/sign-in").close()
            return
        except urllib.error.HTTPError as refusal:
            raise RuntimeError(f"/sign-in answered {refusal.code}") from refusal
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"the portal did not listen within {READY_WITHIN_S} s")
