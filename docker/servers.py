"""What docker/bench measures, as child processes on loopback: the portal, its cloud, nginx."""

import contextlib
import grp
import http.client
import json
import os
import pathlib
import pwd
import re
import secrets
import shutil
import socket
import subprocess
import time
import urllib.parse
from collections.abc import Iterator
from typing import NamedTuple

ROOT = pathlib.Path(__file__).resolve().parents[1]
CARETAKER = ROOT / ".build" / "release" / "caretaker"
PYTHON = ROOT / ".venv" / "bin" / "python"
NGINX = "/usr/sbin/nginx"  # Not on everybody's PATH.
READY_WITHIN_S = 60
STOP_WITHIN_S = 40
LOOK_EVERY_S = 0.0005
LOGIN = "ana"
PAGE = "/public/page.css"
PAGE_BYTES = 3_600  # The page by which the design of the HTTP server was chosen.
# The key pair of AWS's own documentation; no account has it.
KEYS = {
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
}
SITE = {
    "name": "Ghost blog",
    "stack": "GhostInfraStack",
    "region": "us-west-2",
    "ghost_url": "https://blog.example.com",
    "ghost_endpoint": "127.0.0.1:1",  # Nobody answers there.
    "repository": "example/ghost-blog",
}
# As Debian has it, but for what the comparison needs: nginx would close a connection after 1,000
# requests, which the portal does not. Temporary folders: Debian's are root's.
NGINX_CONFIGURATION = """\
{user}
worker_processes {cores};
daemon off;
pid nginx.pid;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_timeout 60s;
  keepalive_requests 1000000000;
  types {{ text/css css; image/svg+xml svg; }}
  client_body_temp_path temporary;
  proxy_temp_path temporary;
  fastcgi_temp_path temporary;
  uwsgi_temp_path temporary;
  scgi_temp_path temporary;
  server {{
    listen 127.0.0.1:{port};
    location /public/ {{ alias {folder}/Public/; }}
  }}
}}
"""


class Unmeasured(Exception):
    """Why there is no figure, in a sentence."""


class Server(NamedTuple):
    """A server that answers."""

    pid: int
    port: int
    first_byte_ms: float  # From the start of the process.

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def cpu_us(self) -> float:
        """Processor time so far with that of child processes, user and system (proc(5))."""
        process = pathlib.Path("/proc", str(self.pid))
        children = (process / "task" / str(self.pid) / "children").read_text().split()
        ticks = 0
        for pid in (str(self.pid), *children):
            fields = pathlib.Path("/proc", pid, "stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks * 1_000_000 / os.sysconf("SC_CLK_TCK")

    def resident_mib(self) -> float:
        status = pathlib.Path("/proc", str(self.pid), "status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) / 1_024


class Portal:
    """A portal with one person; each start finds the database of the one before."""

    def __init__(self, folder: pathlib.Path, endpoint: str, **more):
        self.password = secrets.token_urlsafe(12)
        self._port = free_port()
        self._folder = folder
        self._configuration = folder / "caretaker.yaml"
        settings = {
            "data": f"{folder}/data",
            "assets": str(folder),
            "listen": f"127.0.0.1:{self._port}",
            "pages_per_second": 10_000,
            "sites": [SITE | {"endpoint": endpoint}],
        } | more
        self._configuration.write_text(json.dumps(settings))  # JSON is YAML.
        (folder / "data").mkdir(mode=0o700)
        copy_assets(folder)
        self.database = folder / "data" / "caretaker.sqlite"
        self.add_person(LOGIN, "operator")

    def add_person(self, login: str, role: str) -> None:
        """Everybody here has the same password."""
        add = self._command("user", "add", "--login", login, "--name", login.title(), "--role", role)
        answers = {"input": self.password + "\n", "text": True, "stdout": subprocess.DEVNULL}
        subprocess.run([*add, "--password-stdin"], **answers, env=environment(), check=True)

    def running(self) -> contextlib.AbstractContextManager[Server]:
        return running(self._command("serve"), self._port, "/sign-in", self._folder / "portal.log")

    def _command(self, *words: str) -> list[str]:
        return [str(CARETAKER), *words, "--config", str(self._configuration)]


def cloud(folder: pathlib.Path) -> contextlib.AbstractContextManager[Server]:
    """The demo cloud, at the pace of the real one."""
    port = free_port()
    command = [str(PYTHON), "-m", "cloud", "serve", "--port", str(port), "--scale", "1"]
    return running(command, port, "/_cloud/calls", folder / "cloud.log")


def nginx(folder: pathlib.Path) -> contextlib.AbstractContextManager[Server]:
    """nginx with the files of the portal, and as many workers as the portal has loops."""
    port = free_port()
    # Root's nginx would go on as a user who cannot read our folder; nobody else's changes users.
    account = pwd.getpwuid(os.getuid())
    group = grp.getgrgid(account.pw_gid).gr_name
    user = f"user {account.pw_name} {group};" if os.getuid() == 0 else ""
    configuration = folder / "nginx.conf"
    configuration.write_text(
        NGINX_CONFIGURATION.format(user=user, cores=os.cpu_count(), port=port, folder=folder)
    )
    command = [NGINX, "-e", "stderr", "-p", str(folder), "-c", str(configuration)]
    return running(command, port, PAGE, folder / "nginx.log")


@contextlib.contextmanager
def running(command: list[str], port: int, path: str, log: pathlib.Path) -> Iterator[Server]:
    """A server from its first answer to the end of the block, by its pid."""
    with log.open("ab") as output:
        begun = time.perf_counter()
        process = subprocess.Popen(command, stdout=output, stderr=output, env=environment())
    try:
        while not is_answered(port, path):
            if process.poll() is not None or time.perf_counter() - begun > READY_WITHIN_S:
                why = log.read_text(errors="replace").strip().rpartition("\n")[2]
                raise Unmeasured(f"{command[0]} did not answer {path}; it said: {why}")
            time.sleep(LOOK_EVERY_S)
        yield Server(process.pid, port, (time.perf_counter() - begun) * 1_000)
    finally:
        process.terminate()
        try:
            process.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def is_answered(port: int, path: str) -> bool:
    """Whether the first bytes of an answer are those of a good one."""
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
    try:
        with socket.create_connection(("127.0.0.1", port), READY_WITHIN_S) as connection:
            connection.sendall(request.encode())
            return connection.recv(4_096).split(b" ")[1:2] == [b"200"]
    except OSError:
        return False


def sign_in(port: int, login: str, password: str) -> str:
    """The cookie of a new session."""
    form = urllib.parse.urlencode({"login": login, "password": password})
    fields = {"Origin": f"http://127.0.0.1:{port}"}
    fields["Content-Type"] = "application/x-www-form-urlencoded"
    answer, _ = ask(port, "POST", "/session", fields, form, expected=303)
    return answer.getheader("Set-Cookie", "").partition(";")[0]


def ask(
    port: int, method: str, path: str, fields: dict | None = None, body: str = "", expected=200
) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=READY_WITHIN_S)
    with contextlib.closing(connection):
        connection.request(method, path, body or None, fields or {})
        answer = connection.getresponse()
        if answer.status != expected:
            raise Unmeasured(f"{method} {path} was answered {answer.status}, not {expected}")
        return answer, answer.read()


def spent_ms(port: int, path: str, fields: dict | None = None) -> float:
    """How long a page takes to come, from the opening of a connection."""
    begun = time.perf_counter()
    ask(port, "GET", path, fields)
    return (time.perf_counter() - begun) * 1_000


def copy_assets(folder: pathlib.Path) -> None:
    """What the portal serves, and a file of a page's size cut from the style sheet."""
    for name in ("Public", "Templates"):
        shutil.copytree(ROOT / name, folder / name)
    style = (folder / "Public" / "caretaker.css").read_bytes()
    (folder / "Public" / "page.css").write_bytes(style[:PAGE_BYTES])


def environment() -> dict[str, str]:
    """This process's own, less whatever would point at a real account."""
    kept = {n: v for n, v in os.environ.items() if not n.startswith(("AWS_", "CARETAKER_"))}
    return kept | KEYS | {"PYTHONPATH": str(ROOT / "Tests" / "Cloud")}


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
