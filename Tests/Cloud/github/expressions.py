"""The few expressions the example workflows have, https://docs.github.com/actions/reference"""

import re

TERM = re.compile(r"'(?P<text>[^']*)'|(?P<scope>inputs|github)\.(?P<name>\w+)")


def expand(text: str, values: dict[str, dict[str, str]]) -> str:
    """A text with each `${{ }}` written out."""
    return re.sub(r"\$\{\{(.*?)\}\}", lambda found: value(found[1], values), text).strip()


def value(expression: str, values: dict[str, dict[str, str]]) -> str:
    """The first of the terms between `||` that is not empty."""
    for part in expression.split("||"):
        found = TERM.fullmatch(part.strip())
        if found is None:
            return ""
        known = found["text"] if found["scope"] is None else values[found["scope"]]
        given = known if isinstance(known, str) else str(known.get(found["name"], ""))
        if given:
            return given
    return ""


def is_met(condition: str | None, values: dict[str, dict[str, str]]) -> bool:
    """Whether a job with this `if` runs; what is not understood is met."""
    left, sign, right = (condition or "").partition("==")
    return not sign or value(left, values) == value(right, values)
