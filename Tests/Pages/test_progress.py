"""Long commands say on a terminal how far they have come, and nothing anywhere else."""

import os
import pty
import subprocess

import pytest
from portal import BINARY, Portal, environment

CLEARED = "\r\x1b[K"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A portal that was never started, with a person and so with a log."""
    folder = tmp_path_factory.mktemp("portal")
    portal = Portal(folder, "http://127.0.0.1:1")
    portal.add_person("ana", "Ana Requester", "operator")
    return folder


def on_a_terminal(*command) -> tuple[str, str, int]:
    """What the command writes to its terminal and to its output, and its status."""
    ours, theirs = pty.openpty()
    known = environment() | {"TERM": "xterm"}
    process = subprocess.Popen(
        [BINARY, *command], stdout=subprocess.PIPE, stderr=theirs, text=True, env=known
    )
    os.close(theirs)
    shown = b""
    try:
        while piece := os.read(ours, 4096):
            shown += piece
    except OSError:
        pass  # Linux says so when the other end is closed.
    os.close(ours)
    output = process.stdout.read()
    return shown.decode(), output, process.wait()


@pytest.fixture(scope="module")
def backup(folder, tmp_path_factory):
    """The file of a backup."""
    made = tmp_path_factory.mktemp("made")
    command = [BINARY, "backup", f"--config={folder}/caretaker.yaml", "--to", made]
    subprocess.run(command, env=environment(), check=True, stdout=subprocess.DEVNULL)
    return next(made.iterdir())


@pytest.fixture
def commands(folder, backup, tmp_path):
    """Each with what it says when it has come to its end."""
    database = folder / "data" / "caretaker.sqlite"
    config = f"--config={folder}/caretaker.yaml"
    return {
        "verify": (["audit", "verify", database], "Proving the log: 1 of 1 (100%)"),
        "export": (["audit", "export", database], "Exporting the log: "),
        "backup": (["backup", config, "--to", tmp_path], "Packing it, in MiB"),
        "restore": (["restore", config, "--data", tmp_path / "new", backup], "Unpacking it"),
    }


NAMES = ["verify", "backup", "restore", "export"]  # The export is an entry of the log.


@pytest.mark.parametrize("name", NAMES)
def test_a_long_command_says_how_far_it_has_come(commands, name):
    command, words = commands[name]
    shown, output, status = on_a_terminal(*command)
    assert status in (0, 2)
    assert words in shown
    # Each in the place of the one before, and none is left.
    assert shown.startswith(CLEARED) and shown.endswith(CLEARED)
    assert "\n" not in shown
    assert output and CLEARED not in output


@pytest.mark.parametrize("name", NAMES)
def test_where_nobody_watches_nothing_is_said(commands, name):
    command, _ = commands[name]
    ended = subprocess.run([BINARY, *command], env=environment(), capture_output=True, text=True)
    assert ended.returncode in (0, 2)
    assert ended.stderr == ""
    assert ended.stdout


def test_a_terminal_that_cannot_write_over_a_line_is_left_alone(folder):
    ours, theirs = pty.openpty()
    database = folder / "data" / "caretaker.sqlite"
    dumb = environment() | {"TERM": "dumb"}
    command = [BINARY, "audit", "verify", database]
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=theirs, env=dumb)
    os.close(theirs)
    with pytest.raises(OSError):
        os.read(ours, 1)
    os.close(ours)


def test_an_export_that_cannot_be_written_says_so_and_not_that_nothing_could_be_read(folder):
    command = [BINARY, "audit", "export", folder / "data" / "caretaker.sqlite"]
    with open("/dev/full", "wb") as full:
        told = {"stdout": full, "stderr": subprocess.PIPE, "text": True}
        ended = subprocess.run(command, env=environment(), **told)
    assert ended.returncode == 1
    assert "Standard output can't be written" in ended.stderr
    assert "What was written is not the whole of it." in ended.stderr
