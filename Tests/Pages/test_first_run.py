"""The first start: a token on the terminal, and a process that keeps itself to itself."""

import os
import pathlib
import signal
import stat
import subprocess
import urllib.error
import urllib.parse
import urllib.request

from portal import BINARY, Portal, environment

NOWHERE = "http://127.0.0.1:1"


def _post(url: str, fields: dict[str, str]) -> str:
    """Where the answer to a form leads."""
    request = urllib.request.Request(
        url, urllib.parse.urlencode(fields).encode(), {"Sec-Fetch-Site": "same-origin"}
    )

    class Still(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_):
            return None

    try:
        with urllib.request.build_opener(Still).open(request, timeout=30) as answer:
            return str(answer.status)
    except urllib.error.HTTPError as answer:
        return answer.headers.get("Location") or str(answer.code)


def test_the_first_start_prints_a_token_and_closes_the_process(tmp_path: pathlib.Path):
    portal = Portal(tmp_path, NOWHERE)
    command = [BINARY, "serve", "--config", tmp_path / "caretaker.yaml"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment()
    ) as process:
        try:
            assert "/setup" in process.stdout.readline()
            token = process.stdout.readline().strip()
            assert len(token) == 43
            proc = pathlib.Path("/proc") / str(process.pid)
            limits = (proc / "limits").read_text().splitlines()
            core = next(line for line in limits if line.startswith("Max core file size"))
            assert core.split()[4:6] == ["0", "0"]
            assert "Umask:\t0077" in (proc / "status").read_text()
            form = {"setup_password": token, "login": "ana", "name": "Ana"}
            form["new_password"] = "correct horse battery staple"
            assert _post(portal.url + "/setup", form) == "/setup/checks"
            assert _post(portal.url + "/setup", form) == "404"
        finally:
            process.send_signal(signal.SIGTERM)
            _, log = process.communicate(timeout=60)
    assert token not in log
    for name in os.listdir(tmp_path / "data"):
        mode = stat.S_IMODE((tmp_path / "data" / name).stat().st_mode)
        assert mode & 0o077 == 0, name
