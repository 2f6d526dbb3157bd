"""The filter patterns of CloudWatch Logs, as far as portals write them.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
"""

import fnmatch
import json
import operator
import re
from collections.abc import Callable

from ..errors import AwsError

TERM = re.compile(r'\s*([?-]?)(?:"((?:[^"\\]|\\.)*)"|(\w+))(?=\s|$)')
CONDITION = re.compile(r'\s*\$\.([\w.]+)\s*(!=|>=|<=|=|>|<)\s*(?:"([^"]*)"|([\w.*-]+))\s*')
ORDERS = {">": operator.gt, "<": operator.lt, ">=": operator.ge, "<=": operator.le}


def matcher(pattern: str | None) -> Callable[[str], bool]:
    """Whether a message meets the pattern. Raises AwsError for what is none."""
    pattern = (pattern or "").strip()
    if pattern.startswith("{") and pattern.endswith("}"):
        return _of_json(pattern[1:-1])
    if len(pattern) > 2 and pattern.startswith("%") and pattern.endswith("%"):
        found = re.compile(pattern[1:-1])
        return lambda message: bool(found.search(message))
    return _of_terms(pattern)


def _of_terms(pattern: str) -> Callable[[str], bool]:
    terms: dict[str, list[str]] = {"": [], "?": [], "-": []}
    end = 0
    while end < len(pattern):
        term = TERM.match(pattern, end)
        if term is None:
            raise _invalid(pattern)
        quoted = term[2]
        text = term[3] if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
        terms[term[1]].append(text)
        end = term.end()

    def meets(message: str) -> bool:
        if any(text in message for text in terms["-"]):
            return False
        if terms[""]:  # beside these, those that may be missing say nothing
            return all(text in message for text in terms[""])
        return not terms["?"] or any(text in message for text in terms["?"])

    return meets


def _of_json(inner: str) -> Callable[[str], bool]:
    either = [[_condition(part) for part in re.split("&&", each)] for each in inner.split("||")]

    def meets(message: str) -> bool:
        try:
            document = json.loads(message)
        except ValueError:
            return False
        return any(all(condition(document) for condition in every) for every in either)

    return meets


def _condition(text: str) -> Callable[[object], bool]:
    found = CONDITION.fullmatch(text)
    if found is None:
        raise _invalid(text)
    path, sign, quoted, bare = found.groups()
    wanted = bare if quoted is None else quoted

    def meets(document) -> bool:
        for name in path.split("."):
            document = document.get(name) if isinstance(document, dict) else None
        if document is None:
            return False
        if sign in ORDERS:
            return isinstance(document, (int, float)) and ORDERS[sign](document, float(wanted))
        return fnmatch.fnmatchcase(str(document), wanted) == (sign == "=")

    return meets


def _invalid(pattern: str) -> AwsError:
    return AwsError("InvalidParameterException", f"Invalid filter pattern: {pattern}")
