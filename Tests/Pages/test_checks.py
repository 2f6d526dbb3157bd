"""What is unsafe of an installation, its backups by hand and in drills, how the continuous copy
stands, and the diagnostics."""

import http.server
import io
import pathlib
import threading
import urllib.parse
import urllib.request
import zipfile

import portal as portal_process
import pytest
from browser import opens_soundly

PUT = 'litestream_replica_operation_total{operation="PUT",replica_type="s3"}'


class Litestream:
    """The port of Litestream's metrics: it has put one part more at each look."""

    def __init__(self):
        outer, self.puts = self, 5

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                outer.puts += 1
                self.send_response(200)
                self.end_headers()
                self.wfile.write(f"{PUT} {outer.puts}\n".encode())

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.place = f"127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture(scope="module")
def litestream():
    started = Litestream()
    yield started
    started.stop()  # Once more than needed does no harm.


@pytest.fixture(scope="module")
def portal(cloud, litestream, tmp_path_factory):
    folder = tmp_path_factory.mktemp("portal")
    more = f"replica: {litestream.place}\n"
    with portal_process.running(folder, cloud.url, more=more) as started:
        yield started


@pytest.fixture(scope="module")
def backups(tmp_path_factory) -> pathlib.Path:
    return tmp_path_factory.mktemp("backups")


def test_the_page_and_the_command_say_what_is_unsafe(cleo, portal, litestream):
    cleo.reload_until("/backups", "Everything that was written is in the copy.", "#own")
    key = portal.data("audit.key")
    key.chmod(0o644)
    cleo.open("/setup/checks")
    assert f"chmod go-rwx {key}" in cleo.text()
    assert "Restore drill" in cleo.text() and "Continuous copy" in cleo.text()
    opens_soundly(cleo, "/setup/checks", "checks-unsafe")
    said = portal.check()
    assert f"UNSAFE  Files: Others may read or write {key}" in said
    key.chmod(0o400)
    cleo.open("/setup/checks")
    assert f"chmod go-rwx {key}" not in cleo.text()
    opens_soundly(cleo, "/setup/checks", "checks")


def test_a_drill_is_left_to_do_until_a_backup_was_brought_back(ana, portal, backups):
    ana.reload_until("/todos", "Restore drill")
    ana.follow(ana.driver.find_element("link text", "Restore drill"))
    todo = ana.path
    assert "No backup of Caretaker itself was ever restored" in ana.text("#evidence")
    assert "It can't be closed by hand." in ana.text("#close")
    opens_soundly(ana, todo, "todo-drill")
    status, page = ana.forge(todo + "/end", note="Surely it works")
    assert status == 422 and ">Surely it works</textarea>" in page
    assert portal.command("backup", "--to", backups).returncode == 0
    [backup] = backups.iterdir()
    opens_soundly(ana, "/backups", "backups-by-hand")
    assert "by hand" in ana.text("#own")
    damaged = backups / "damaged.zip"
    content = bytearray(backup.read_bytes())
    content[len(content) // 2] ^= 1
    damaged.write_bytes(content)
    assert portal.command("restore", "--drill", damaged).returncode == 1
    ana.open("/backups")
    assert "Failed" in ana.text("#own")
    assert portal.command("restore", "--drill", backup).returncode == 0
    opens_soundly(ana, "/backups", "backups-drilled")
    assert "A restore drill worked" in ana.text("#own")
    ana.open(todo)
    assert "Done" in ana.text(".state") and "A restore drill worked" in ana.text()
    assert portal.command("restore", backup).returncode == 3


@pytest.mark.parametrize("javascript", [True, False])
def test_the_diagnostics_are_downloaded_and_hold_no_name(open_browser, portal, javascript):
    cleo = open_browser(javascript=javascript)
    cleo.sign_in("cleo")
    cleo.open("/setup/checks")
    form = cleo.find("form[action='/setup/diagnostics']")
    token = form.find_element("name", "form_token").get_attribute("value")
    cookie = cleo.driver.get_cookie("caretaker")["value"]
    request = urllib.request.Request(
        portal.url + "/setup/diagnostics",
        data=urllib.parse.urlencode({"form_token": token}).encode(),
        headers={"Cookie": f"caretaker={cookie}", "Sec-Fetch-Site": "same-origin"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        assert "attachment" in answer.headers["Content-Disposition"]
        archive = zipfile.ZipFile(io.BytesIO(answer.read()))
    files = {name: archive.read(name).decode() for name in archive.namelist()}
    assert "route=GET /setup/checks" in files["log.txt"]
    whole = "".join(files.values())
    for secret in ("Cleo Administrator", "blog.example.com", cookie, token):
        assert secret not in whole
    assert portal.passwords["cleo"] not in whole


def test_a_copy_that_nobody_tells_of_is_not_known(cleo, litestream):
    litestream.stop()
    cleo.reload_until("/backups", "Nobody answers at", "#own")
    opens_soundly(cleo, "/backups", "backups-copy-unknown")


def test_the_command_writes_the_diagnostics(portal, tmp_path):
    path = tmp_path / "diagnostics.zip"
    assert portal.command("diagnostics", "--to", path).returncode == 0
    assert "schema.sql" in zipfile.ZipFile(path).namelist()
    assert path.stat().st_mode & 0o077 == 0
    again = portal.command("diagnostics", "--to", path)
    assert again.returncode == 1 and "can't be written" in again.stderr
