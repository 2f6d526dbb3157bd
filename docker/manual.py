"""The manual page: the frame in docs/caretaker.1, filled with what the program says of itself."""

import json
import pathlib
import subprocess
from collections.abc import Iterator

FRAME = pathlib.Path(__file__).resolve().parents[1] / "docs" / "caretaker.1"
EVERYWHERE = {"help", "version"}


def page(binary: pathlib.Path) -> str:
    """The whole page, in troff."""
    asked = [binary, "--experimental-dump-help"]
    said = subprocess.run(asked, check=True, stdout=subprocess.PIPE, text=True).stdout
    version = subprocess.run([binary, "--version"], check=True, stdout=subprocess.PIPE, text=True)
    lines = "\n".join(describe(json.loads(said)["command"], []))
    frame = FRAME.read_text().replace("@VERSION@", version.stdout.strip())
    return frame.replace("@COMMANDS@", lines)


def describe(command: dict, path: list[str]) -> Iterator[str]:
    """A command and those below it."""
    path = [*path, command["commandName"]]
    below = [each for each in command.get("subcommands", []) if each["commandName"] != "help"]
    if not below:
        yield f".SS {safe(' '.join(path))}"
        yield safe(command.get("abstract", ""))
        if more := command.get("discussion"):
            yield f".PP\n{safe(more)}"
        for argument in command.get("arguments", []):
            yield from option(argument)
    for each in below:
        yield from describe(each, path)


def option(argument: dict) -> Iterator[str]:
    name = argument["valueName"]
    if name in EVERYWHERE or not argument["shouldDisplay"]:
        return
    value = f"\\fI{safe(name.upper())}\\fR"
    if argument["kind"] == "positional":
        shown = value
    elif argument["kind"] == "flag":
        shown = f"\\fB{safe('--' + name)}\\fR"
    else:
        shown = f"\\fB{safe('--' + argument['preferredName']['name'])}\\fR {value}"
    words = safe(argument.get("abstract", ""))
    if usual := argument.get("defaultValue"):
        words += f" (default: {safe(usual)})"
    yield f".TP\n{shown}\n{words}"


def safe(text: str) -> str:
    """Letter for letter, wherever a line of it begins."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("\n", " ")
    return "\\&" + escaped if escaped.startswith((".", "'")) else escaped
