"""What Route 53 takes as a record set, and in which order it lists them."""

import ipaddress
import re
from collections.abc import Iterable

TXT_VALUE = re.compile(r'"[^"]{0,255}"(\s+"[^"]{0,255}")*')
TTL_MAX = 2_147_483_647


class Refused(Exception):
    """One message of InvalidChangeBatch."""


def folded(name: str) -> str:
    """A name as Route 53 keeps it: in lower case, with a dot at its end, and `\\052` for `*`."""
    name = name.lower().replace("*", "\\052", 1) if name.startswith("*") else name.lower()
    return name if name.endswith(".") else f"{name}."


def place(row: dict) -> tuple:
    """Where a row stands in the zone: by the labels of its name from the last, then by type."""
    labels = row["Name"].rstrip(".").split(".")
    return (labels[::-1], row["Type"], row.get("SetIdentifier", ""))


def checked(row: dict, zone: str) -> dict:
    """The row as it is kept; raises Refused."""
    row = row | {"Name": folded(row["Name"])}
    if not f".{row['Name']}".endswith(f".{zone}"):
        raise Refused(f"RRSet with DNS name {row['Name']} is not permitted in zone {zone}")
    if ("AliasTarget" in row) == ("ResourceRecords" in row and "TTL" in row):
        raise Refused(
            "Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and "
            "ResourceRecords], or TrafficPolicyInstanceId]"
        )
    if not 0 <= row.get("TTL", 0) <= TTL_MAX:
        raise Refused(f"Invalid TTL {row['TTL']}")
    if "AliasTarget" in row:
        target = row["AliasTarget"]
        row["AliasTarget"] = target | {"DNSName": folded(target["DNSName"])}
    for record in row.get("ResourceRecords", []):
        _check_value(row["Type"], record["Value"])
    return row


def conflicts(rows: Iterable[dict], zone: str) -> list[str]:
    """What can't stand side by side."""
    types: dict[str, set[str]] = {}
    for row in rows:
        types.setdefault(row["Name"], set()).add(row["Type"])
    found = []
    for name in sorted(name for name in types if "CNAME" in types[name]):
        if name == zone:
            found.append(f"RRSet of type CNAME with DNS name {name} is not permitted at apex")
        elif types[name] != {"CNAME"}:
            found.append(
                f"RRSet of type CNAME with DNS name {name} is not permitted as it conflicts with "
                f"other records with the same DNS name in zone {zone}"
            )
    return found


def _check_value(kind: str, value: str) -> None:
    problem = None
    version = {"A": 4, "AAAA": 6}.get(kind)
    if version and not _is_address(value, version):
        problem = f"ARRDATAIllegalIPv{version}Address (Value is not a valid IPv{version} address)"
    elif kind == "TXT" and not TXT_VALUE.fullmatch(value):
        problem = "InvalidCharacterString (Value should be enclosed in quotation marks)"
    elif kind == "MX" and not re.fullmatch(r"\d{1,5} \S+", value):
        problem = "MXRRDATANotTwoFields (Value should be a priority and a name)"
    elif kind == "CNAME" and not re.fullmatch(r"[^\s\"]+", value):
        problem = "DomainNameInvalid (Value is not a valid domain name)"
    if problem:
        raise Refused(
            f"Invalid Resource Record: 'FATAL problem: {problem} encountered with '{value}''"
        )


def _is_address(value: str, version: int) -> bool:
    try:
        return ipaddress.ip_address(value).version == version
    except ValueError:
        return False
