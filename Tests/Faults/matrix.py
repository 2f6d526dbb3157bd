"""The fault matrix: 48 things that go wrong with machines, networks and people, a row each. Needs
root, strace, a C compiler, loop devices and cgroups that limit memory.

What is short says why before the table. A row that stands for others, or for a part of what it
names, says so in its sentence.
"""

import pathlib
import sys
import time

import clocks  # noqa: F401 — the rows come with their modules
import contention  # noqa: F401
import crashes  # noqa: F401
import disks  # noqa: F401
import files  # noqa: F401
import limits  # noqa: F401
import network  # noqa: F401
import soak  # noqa: F401
from cloud import process as cloud_process
from ground import CASES, Asked, Case, Ground
from report import Row
from walk import AT_ONCE

ROWS = range(1, 49)


def rows(numbers: list[int], asked: Asked, folder: pathlib.Path) -> list[Row]:
    """Those rows of the matrix; all of them when none is named."""
    if missing := set(numbers or ROWS) - set(CASES):
        raise LookupError(f"rows without a fault: {sorted(missing)}")
    with cloud_process.running(AT_ONCE) as cloud:
        ground = Ground(folder, cloud, asked)
        return [_row(CASES[number], ground) for number in numbers or ROWS]


def _row(case: Case, ground: Ground) -> Row:
    begun, value, why = time.monotonic(), 1, ""
    try:
        value = case.run(ground) or 1
        ground.end_row(prove=True)
    except Exception as problem:
        why = f"{type(problem).__name__}: {problem}"
        ground.end_row(prove=False)
    spent_s = time.monotonic() - begun
    print(f"row {case.number}: {why or 'ok'} ({spent_s:.0f} s)", file=sys.stderr, flush=True)
    return Row(f"{case.number}. {case.sentence}", value, "holds", not why)
