"""The table that measuring and searching end in: name, value, target, and `ok` or `short` of it."""


def row(name: str, value: float, *, most: float | None = None, least: float | None = None) -> str:
    """One line; without a target it is `ok`."""
    shown = f"{value:g}"
    if most is not None:
        return f"{name}\t{shown}\t≤ {most:g}\t{'ok' if value <= most else 'short'}"
    if least is not None:
        return f"{name}\t{shown}\t≥ {least:g}\t{'ok' if value >= least else 'short'}"
    return f"{name}\t{shown}\t-\tok"
