"""Runs the faults. Ends in a table; status 1 when a line of it is short."""

import argparse
import pathlib
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "Tests" / folder) for folder in ("Cloud", "Pages")]

import drill  # noqa: E402
import matrix  # noqa: E402
import races  # noqa: E402
import report  # noqa: E402
import syscalls  # noqa: E402
from ground import Asked  # noqa: E402


def main() -> int:
    asked = arguments()
    with tempfile.TemporaryDirectory(prefix="caretaker-faults-") as name:
        folder = pathlib.Path(name)
        if asked.matrix is not None:
            print(f"seed {asked.seed}", file=sys.stderr, flush=True)
            much = Asked(asked.seed, asked.seeds, asked.pairs, asked.step, asked.soak)
            return report.show(matrix.rows(asked.matrix, much, folder))
        seeds = range(asked.seed, asked.seed + asked.seeds)
        rows = races.rows(asked.pairs, asked.seed, folder) if asked.pairs else []
        rows += drill.rows(drill.kills(seeds, folder), seeds) if seeds else []
        rows += syscalls.rows(syscalls.kills(asked.step, folder), asked.step) if asked.step else []
    return report.show(rows)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, epilog="0 leaves that part out.")
    parser.add_argument("--pairs", type=int, default=200, help="races of a run with a disabling")
    parser.add_argument("--seeds", type=int, default=5, help="how many seeds go through every mark")
    parser.add_argument("--step", type=int, default=1, help="kill at every Nth system call only")
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    parser.add_argument("--soak", type=int, default=300, help="seconds of the row that soaks")
    parser.add_argument(
        "--matrix", type=int, nargs="*", metavar="ROW", choices=matrix.ROWS,
        help="the fault matrix in place of the parts by themselves; all rows when none is named",
    )  # fmt: skip
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
