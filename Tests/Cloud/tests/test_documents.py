"""What README and docs tell people to type is typed here, in a folder of its own."""

import functools
import os
import pathlib
import re
import shlex
import shutil
import signal
import subprocess

import pytest
from cloud.names import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY, STACK

ROOT = pathlib.Path(__file__).parents[3]
BINARY = ROOT / ".build" / "debug" / "caretaker"
GOLDEN = sorted((ROOT / "Tests" / "PortalTests" / "Golden").glob("*.zip"))[-1]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BUCKET = "example-caretaker-anchors"
CONFIGURATION = f"""\
data: data
listen: 127.0.0.1:0
assets: {ROOT}
sites:
  - name: Our blog
    stack: {STACK}
    region: {REGION}
    endpoint: ENDPOINT
    ghost_url: https://blog.example.com
    ghost_endpoint: 127.0.0.1:1
    github_endpoint: http://127.0.0.1:1
    repository: example/ghost-blog
"""
STOP_WITHIN_S = 40
SOUND = (0, 2)  # Of a verifier: whether or not something outside vouches for the log's end.
# What a command ends with here, where it is not status 0 and silence: what the folder lacks.
ENDS = {
    "check": ((0, 1), ""),
    "user remove-factor": ((1,), "has no second factor"),
    "iam-policy --config caretaker.yaml --change": ((1,), "There is no CR-12."),
    "audit verify --pack": ((3,), "CR-12-evidence.jsonl"),
    "audit verify": (SOUND, ""),
}
# What has to be done before.
BEFORE = {
    "user add": "caretaker user disable --login ana && caretaker user erase --login ana && "
    "caretaker user disable --login ben && caretaker user erase --login ben",
    "user erase": "caretaker user disable --login ana",
    "user unlink": "caretaker user link --login ana --account github:octocat",
    "audit verify log.jsonl": "caretaker audit export data/caretaker.sqlite > log.jsonl",
    "restore": "caretaker backup --to made --key-file backup.key",
}
# What stands for something of one's own, or is elsewhere on one's machine.
PLACES = {
    r"/var/backups/caretaker/\S+\.sealed|\bBACKUP\b": "made/*.sealed",
    r"/var/backups/caretaker": "made",
    r"/var/lib/caretaker-new|\bNEW\b": "new",
    r"/var/lib/caretaker": "data",
    r"/etc/caretaker/": "",
    r"\bBUCKET/PREFIX\b": f"{BUCKET}/caretaker",
    r"--key KEY\b": '--key "$(cat key)"',
    r"--anchors (FOLDER|anchors)\b": "--anchors anchors",
    r"verify caretaker\.sqlite": "verify data/caretaker.sqlite",
}


def blocks(document: pathlib.Path) -> list[str]:
    """The lines of a document's code, each with what continues it."""
    text = re.sub(r"\\\n\s*", "", document.read_text())
    lines, is_fenced = [], False
    for line in text.splitlines():
        is_fenced ^= line.lstrip().startswith("```")
        if is_fenced or line.startswith("    "):
            lines.append(line.strip())
    return lines


def typed() -> list[str]:
    lines = [line.removeprefix("runuser -u caretaker -- ") for d in DOCUMENTS for line in blocks(d)]
    found = {line for line in lines if re.match(r"caretaker [a-z-]+ ?.*", line)}
    return sorted(found - {"caretaker key rotation"})  # A line of what a key signs.


def quoted(beginning: str) -> set[str]:
    """What stands between backticks."""
    texts = (re.sub(r"\s+", " ", document.read_text()) for document in DOCUMENTS)
    return {q for text in texts for q in re.findall(rf"`({beginning} [^`]+)`", text)}


@pytest.fixture(scope="module")
def made(running, tmp_path_factory):
    """A folder as somebody's machine has it: a portal that has been in use, and its keys."""
    folder = tmp_path_factory.mktemp("machine")
    (folder / "caretaker.yaml").write_text(CONFIGURATION.replace("ENDPOINT", running.url))
    (folder / "bin").mkdir()
    (folder / "bin" / "caretaker").symlink_to(BINARY)
    (folder / "anchors").mkdir()
    shell(folder, f"caretaker restore {GOLDEN} --data data")
    rotated = shell(folder, "caretaker audit rotate-key --lost")
    (folder / "key").write_text(rotated.stdout.splitlines()[-1])
    key = folder / "backup.key"
    key.touch(mode=0o400)
    key.write_text("7" * 64 + "\n")
    return folder


def shell(folder: pathlib.Path, line: str) -> subprocess.CompletedProcess:
    kept = {n: v for n, v in os.environ.items() if not n.startswith(("AWS_", "CARETAKER_"))}
    keys = {"AWS_ACCESS_KEY_ID": ACCESS_KEY_ID, "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY}
    path = {"PATH": f"{folder / 'bin'}:{os.environ['PATH']}"}
    return subprocess.run(
        ["bash", "-c", line], cwd=folder, env=kept | keys | path, timeout=60,
        capture_output=True, text=True,
    )  # fmt: skip


def longest(table: dict, words: str, otherwise):
    """What a table says of the command that begins with these words, the most exact first."""
    names = sorted((name for name in table if words.startswith(name)), key=len)
    return table[names[-1]] if names else otherwise


@pytest.mark.parametrize("line", typed())
def test_what_a_document_tells_to_type_can_be_typed(line, made, tmp_path):
    folder = tmp_path / "machine"
    shutil.copytree(made, folder, symlinks=True)
    words = line.removeprefix("caretaker ")
    if before := longest(BEFORE, words, ""):
        prepared = shell(folder, before)
        assert prepared.returncode == 0, prepared.stderr
    for pattern, place in PLACES.items():
        line = re.sub(pattern, place, line)
    if words.startswith("serve"):
        return serves(folder, line)
    ended = shell(folder, line)
    statuses, said = longest(ENDS, words, ((0,), ""))
    assert ended.returncode in statuses, f"{line}\n{ended.stdout}{ended.stderr}"
    assert said in ended.stdout + ended.stderr


def serves(folder: pathlib.Path, line: str) -> None:
    """It says where, and ends when it is told to."""
    environment = {"PATH": f"{folder / 'bin'}:{os.environ['PATH']}"}
    process = subprocess.Popen(
        shlex.split(line), cwd=folder, env=environment, stderr=subprocess.PIPE, text=True
    )
    assert "on http://127.0.0.1:" in process.stderr.readline()
    # Who has read the address may stop it: it listens to signals before it tells.
    process.send_signal(signal.SIGTERM)
    assert process.wait(STOP_WITHIN_S) == 0


def test_there_is_something_to_type():
    assert len(typed()) >= 25


@functools.cache
def help_of(words: tuple[str, ...]) -> str:
    return subprocess.run([BINARY, *words, "--help"], capture_output=True, text=True).stdout


@pytest.mark.parametrize("line", sorted(quoted("caretaker")))
def test_what_a_document_mentions_is_a_command_with_those_options(line):
    words = line.split(" ")[1:]
    command = tuple(w for w in words[:2] if re.fullmatch(r"[a-z][a-z-]+", w))
    if not help_of(command):
        command = command[:1]
    text = help_of(command)
    assert f"USAGE: caretaker {' '.join(command)}" in text, f"there is no {line}"
    for option in re.findall(r"--[a-z-]+", line):
        assert option in text, f"{line}: no {option}"


def test_every_target_of_make_that_a_document_names_is_there():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {line for document in DOCUMENTS for line in blocks(document)} | quoted("make")
    found = {m[1] for line in named if (m := re.match(r"make ([a-z-]+)", line))}
    assert len(found) >= 10
    assert found <= targets, f"no such targets: {found - targets}"
