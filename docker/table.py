"""The table that measuring and searching end in: name, value, target, and `ok` or `short` of it."""


def row(name: str, value: float, sign: str = "", target: float | None = None) -> str:
    """One line; without a target it is `ok`. A sign is ≥ or ≤."""
    shown = f"{value:.0f}" if isinstance(value, int) or value >= 1_000 else f"{value:.2f}"
    if target is None:
        return f"{name}\t{shown}\t-\tok"
    is_met = value >= target if sign == "≥" else value <= target
    return f"{name}\t{shown}\t{sign} {target}\t{'ok' if is_met else 'short'}"
