"""What the CDK makes of infra/settings.json, and how `cdk diff` tells of it."""

import copy
import json

from cloud import seed
from cloud.services.differences import differences

from .history import Commit

DATABASE, DEFINITION = "DatabaseB269D8BB", "TaskDefB54D3F05"
SERVICE, LOGS = "ServiceD69D759B", "GhostLogs42350297"
# Which property of which resource a setting is.
SETTINGS = {
    "cpu": (DEFINITION, "Cpu"),
    "memory": (DEFINITION, "Memory"),
    "desiredCount": (SERVICE, "DesiredCount"),
    "databaseClass": (DATABASE, "DBInstanceClass"),
    "databaseGb": (DATABASE, "AllocatedStorage"),
    "databaseEncrypted": (DATABASE, "StorageEncrypted"),
    "backupDays": (DATABASE, "BackupRetentionPeriod"),
    "logDays": (LOGS, "RetentionInDays"),
}
SIGNS = {"Add": "[+]", "Remove": "[-]", "Modify": "[~]"}


def template(commit: Commit, image_tag: str) -> dict:
    """The template of the stack as the code of that commit would have it."""
    made = copy.deepcopy(seed.template())
    resources = made["Resources"]
    for name, value in json.loads(commit.files["infra/settings.json"]).items():
        resource, property_name = SETTINGS[name]
        resources[resource]["Properties"][property_name] = value
    if image_tag:
        container = resources[DEFINITION]["Properties"]["ContainerDefinitions"][0]
        repository = container["Image"]["Fn::Sub"].rpartition(":")[0]
        container["Image"] = {"Fn::Sub": f"{repository}:{image_tag}"}
    return made


def difference(before: dict, after: dict) -> str:
    """In the manner of `cdk diff`."""
    rows = differences(before, after, {})
    lines = ["Stack GhostInfraStack"] + (["Resources"] if rows else [])
    for row in rows:
        may = {"True": " replace", "Conditional": " may be replaced"}
        note = may.get(row.get("Replacement", ""), "")
        kind, name = row["ResourceType"], row["LogicalResourceId"]
        lines.append(f"{SIGNS[row['Action']]} {kind} {name}{note}")
        for detail in row["Details"]:
            target = detail["Target"]
            lines.append(f" └─ [~] {target.get('Name') or target['Attribute']}")
            lines += [f"     ├─ [-] {target['BeforeValue']}"] if "BeforeValue" in target else []
            lines += [f"     └─ [+] {target['AfterValue']}"] if "AfterValue" in target else []
    lines += [] if rows else ["There were no differences"]
    return "\n".join([*lines, "", f"Number of stacks with differences: {int(bool(rows))}", ""])
