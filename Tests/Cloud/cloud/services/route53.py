"""Route 53: zones whose changes are refused as AWS refuses them, and take a while to spread.

https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html
Ours rather than moto's: moto keeps names it should refuse, and deletes what does not match.
"""

import uuid

from ..clock import Clock
from ..errors import AwsError
from ..moto import Moto
from .records import Refused, checked, conflicts, folded, place

SYNC_S = 60
PAGE_MAX = 300
CHANGES_MAX = 1_000
NAME_SERVERS = ["ns-1.awsdns-01.com.", "ns-2.awsdns-02.net."]


class Route53:
    REGIONS = None

    def __init__(self, moto: Moto, clock: Clock):
        self._moto = moto
        self._clock = clock
        self._zones: dict[str, dict[tuple, dict]] = {}  # record sets by name, type and identifier
        self._changes: dict[str, tuple[float, dict]] = {}  # when each is in sync, in cloud seconds
        self.rows_a_page = PAGE_MAX

    def get_hosted_zone(self, parameters: dict) -> dict:
        zone_id = _bare(parameters["Id"])
        answer = self._moto.client("route53").get_hosted_zone(Id=zone_id)
        answer["HostedZone"]["ResourceRecordSetCount"] = len(self._sets(zone_id))
        return answer

    def list_resource_record_sets(self, parameters: dict) -> dict:
        rows = sorted(self._sets(_bare(parameters["HostedZoneId"])).values(), key=place)
        rows = [row for row in rows if place(row) >= _start(parameters)]
        size = min(int(parameters.get("MaxItems", PAGE_MAX)), PAGE_MAX, self.rows_a_page)
        answer = {
            "ResourceRecordSets": rows[:size],
            "IsTruncated": len(rows) > size,
            "MaxItems": str(size),
        }
        if len(rows) > size:
            following = rows[size]
            answer |= {"NextRecordName": following["Name"], "NextRecordType": following["Type"]}
            if "SetIdentifier" in following:
                answer["NextRecordIdentifier"] = following["SetIdentifier"]
        return answer

    def change_resource_record_sets(self, parameters: dict) -> dict:
        zone_id = _bare(parameters["HostedZoneId"])
        batch = parameters["ChangeBatch"]["Changes"]
        if len(batch) > CHANGES_MAX:
            raise AwsError("InvalidChangeBatch", f"[Number of records limit of {CHANGES_MAX}]")
        self._zones[zone_id] = _applied(self._sets(zone_id), batch, self._name(zone_id))
        info = {"Id": f"/change/C{uuid.uuid4().hex[:20].upper()}", "Status": "PENDING"}
        info["SubmittedAt"] = self._clock.stamp()
        self._changes[info["Id"]] = (self._clock.now_s() + SYNC_S, info)
        return {"ChangeInfo": info}

    def get_change(self, parameters: dict) -> dict:
        change = self._changes.get(f"/change/{_bare(parameters['Id'])}")
        if change is None:
            message = f"Could not find resource with ID: {parameters['Id']}"
            raise AwsError("NoSuchChange", message, 404)
        done_s, info = change
        is_done = self._clock.now_s() >= done_s
        return {"ChangeInfo": info | {"Status": "INSYNC" if is_done else "PENDING"}}

    def holds(self, record: dict) -> bool:
        """Whether a zone has this record, by its name, type and one of its values."""
        key = (folded(record["Name"]), record["Type"], None)
        for zone in self._moto.client("route53").list_hosted_zones()["HostedZones"]:
            found = self._sets(_bare(zone["Id"])).get(key, {}).get("ResourceRecords", [])
            if record["Value"].rstrip(".") in [each["Value"].rstrip(".") for each in found]:
                return True
        return False

    def put(self, row: dict) -> None:
        """Somebody else writes a record set into the one zone."""
        zone_id, name = self._only_zone()
        row = checked(row, name)
        self._sets(zone_id)[_key(row)] = row

    def remove(self, name: str, kind: str) -> None:
        """Somebody else deletes one; raises KeyError when there is none."""
        zone_id, _ = self._only_zone()
        del self._sets(zone_id)[(folded(name), kind, None)]

    def _only_zone(self) -> tuple[str, str]:
        [zone] = self._moto.client("route53").list_hosted_zones()["HostedZones"]
        return _bare(zone["Id"]), zone["Name"]

    def _name(self, zone_id: str) -> str:
        return self._moto.client("route53").get_hosted_zone(Id=zone_id)["HostedZone"]["Name"]

    def _sets(self, zone_id: str) -> dict[tuple, dict]:
        """The record sets of a zone, at first as moto's CloudFormation has made them."""
        if zone_id not in self._zones:
            name = self._name(zone_id)
            listed = self._moto.client("route53").everything(
                "list_resource_record_sets", {"HostedZoneId": zone_id}
            )
            rows = [_mended(row, name) for row in listed["ResourceRecordSets"]]
            self._zones[zone_id] = {_key(row): row for row in rows}
        return self._zones[zone_id]


def _applied(sets: dict[tuple, dict], batch: list[dict], zone: str) -> dict[tuple, dict]:
    """The zone after a batch; raises AwsError, with all that is wrong, and leaves it as it was."""
    after, problems = dict(sets), []
    for change in batch:
        try:
            row = checked(change["ResourceRecordSet"], zone)
            _apply(change["Action"], row, after, zone)
        except Refused as problem:
            problems.append(str(problem))
    problems += conflicts(after.values(), zone)
    if problems:
        raise AwsError("InvalidChangeBatch", f"[{', '.join(problems)}]")
    return after


def _apply(action: str, row: dict, after: dict[tuple, dict], zone: str) -> None:
    current = after.get(_key(row))
    which = f"resource record set [name='{row['Name']}', type='{row['Type']}']"
    if action == "CREATE" and current:
        raise Refused(f"Tried to create {which} but it already exists")
    if action == "DELETE" and not current:
        raise Refused(f"Tried to delete {which} but it was not found")
    if action == "DELETE" and current != row:
        raise Refused(
            f"Tried to delete {which} but the values provided do not match the current values"
        )
    if action != "DELETE":
        after[_key(row)] = row
    elif row["Name"] == zone and row["Type"] in ("SOA", "NS"):
        raise Refused(f"A HostedZone must contain at least one {row['Type']} record")
    else:
        del after[_key(row)]


def _mended(row: dict, zone: str) -> dict:
    """A row of moto's as AWS has it."""
    row = row | {"Name": folded(row["Name"])}
    if "AliasTarget" in row:
        row.pop("TTL", None)
        target = row["AliasTarget"]
        row["AliasTarget"] = target | {
            "DNSName": folded(target["DNSName"]),
            "EvaluateTargetHealth": target.get("EvaluateTargetHealth", False),
        }
    values = {"SOA": [f"{NAME_SERVERS[0]} hostmaster.{zone} 1 7200 900 1209600 86400"]}
    values["NS"] = NAME_SERVERS
    if row["Type"] in values and row["Name"] == zone:
        row["ResourceRecords"] = [{"Value": value} for value in values[row["Type"]]]
    return row


def _key(row: dict) -> tuple:
    return (row["Name"], row["Type"], row.get("SetIdentifier"))


def _start(parameters: dict) -> tuple:
    if "StartRecordName" not in parameters:
        if "StartRecordType" in parameters or "StartRecordIdentifier" in parameters:
            raise AwsError("InvalidInput", "A record's type is given without its name.")
        return ([], "", "")
    return place(
        {
            "Name": folded(parameters["StartRecordName"]),
            "Type": parameters.get("StartRecordType", ""),
            "SetIdentifier": parameters.get("StartRecordIdentifier", ""),
        }
    )


def _bare(resource_id: str) -> str:
    return resource_id.rpartition("/")[2]
