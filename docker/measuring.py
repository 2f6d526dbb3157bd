"""What docker/bench and docker/simulate have in common: building first, and ending in a table."""

import http.client
import pathlib
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator

from servers import ROOT, Unmeasured
from table import row

RELEASE = ["swift", "build", "-c", "release", "--product"]
NEEDED = (["docker/setup", "--bench"], [*RELEASE, "caretaker"], [*RELEASE, "Benchmarks"])


def report(
    program: str,
    targets: dict[str, tuple],
    measure: Callable[[pathlib.Path], Iterator[dict[str, float]]],
    also_built: list[str] | None = None,
) -> None:
    """Measures in a folder of its own, and prints one line a figure as they come.

    Ends with 0 whatever the figures are, and with 1 and a sentence when one could not be measured.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    for command in (*NEEDED, *([also_built] if also_built else [])):
        build(program, command)
    try:
        with tempfile.TemporaryDirectory(prefix=f"caretaker-{program}-") as name:
            for figures in measure(pathlib.Path(name)):
                for figure, value in figures.items():
                    print(row(figure, float(value), *targets.get(figure, ())), flush=True)
    except (Unmeasured, OSError, http.client.HTTPException, subprocess.SubprocessError) as problem:
        sys.exit(f"{program}: not measured: {problem}")


def end(number: int, _frame) -> None:
    """Leaves through every `finally`, so that nothing started here stays; once."""
    for ignored in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ignored, signal.SIG_IGN)
    sys.exit(128 + number)


def build(program: str, command: list[str]) -> None:
    """Says nothing of its own: what fails here has said why."""
    if subprocess.run(command, cwd=ROOT, stdout=sys.stderr).returncode != 0:
        sys.exit(f"{program}: not measured: {' '.join(command)} failed; see above")
