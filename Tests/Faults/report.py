"""The table a fault run ends in: name, value, target, ok or short, between tabs."""

from typing import NamedTuple


class Row(NamedTuple):
    """A figure and what it has to be. A number as the target is the most it may be."""

    name: str
    value: int
    target: int | str
    holds: bool | None = None

    @property
    def is_ok(self) -> bool:
        if self.holds is not None:
            return self.holds
        return self.value <= self.target if isinstance(self.target, int) else self.value > 0


def show(rows: list[Row]) -> int:
    """Prints the table; the exit status, 1 when a line is short."""
    for row in rows:
        print(row.name, row.value, row.target, "ok" if row.is_ok else "short", sep="\t")
    return 0 if all(row.is_ok for row in rows) else 1
