"""Two templates compared as CloudFormation does: what is added, changed, replaced and removed."""

import json

# Properties whose change makes another resource, by the type. "*" is each that is not in MILD.
REPLACING = {
    "AWS::RDS::DBInstance": {
        "DBInstanceIdentifier",
        "DBName",
        "DBSubnetGroupName",
        "KmsKeyId",
        "MasterUsername",
        "StorageEncrypted",
    },
    "AWS::ECS::TaskDefinition": {"*"},
    "AWS::ECS::Service": {"Cluster", "LaunchType", "ServiceName"},
    "AWS::ECS::Cluster": {"ClusterName"},
    "AWS::S3::Bucket": {"BucketName"},
    "AWS::Logs::LogGroup": {"LogGroupName"},
    "AWS::ECR::Repository": {"RepositoryName", "EncryptionConfiguration"},
    "AWS::EC2::Subnet": {"AvailabilityZone", "CidrBlock", "VpcId"},
    "AWS::EC2::VPC": {"CidrBlock"},
    "AWS::Route53::HostedZone": {"Name"},
    "AWS::CertificateManager::Certificate": {"DomainName", "ValidationMethod"},
    "AWS::ElasticLoadBalancingV2::LoadBalancer": {"Name", "Scheme", "Type"},
    "AWS::ElasticLoadBalancingV2::TargetGroup": {"Name", "Port", "Protocol", "VpcId"},
    "AWS::SES::EmailIdentity": {"EmailIdentity"},
}
MAYBE = {"AWS::RDS::DBInstance": {"AvailabilityZone", "Engine"}}
MILD = {"Tags"}


def differences(before: dict, after: dict, physical: dict[str, str]) -> list[dict]:
    """The rows of a change set, in the order of the resources' names."""
    old, new = before["Resources"], after["Resources"]
    rows = {}
    for name in sorted(old.keys() | new.keys()):
        if name not in new:
            rows[name] = _row(name, "Remove", old[name], physical) | {
                "PolicyAction": old[name].get("DeletionPolicy", "Delete"),
                "BeforeContext": _context(old[name]),
            }
        elif name not in old:
            rows[name] = _row(name, "Add", new[name], {}) | {"AfterContext": _context(new[name])}
        elif old[name] != new[name]:
            rows[name] = _modified(name, old[name], new[name], physical)
    replaced = [name for name, row in rows.items() if row.get("Replacement") == "True"]
    for name, resource in new.items():
        causes = [cause for cause in replaced if name not in rows and _refers(resource, cause)]
        if causes:
            rows[name] = _dependent(name, resource, causes, physical)
    return [rows[name] for name in sorted(rows)]


def _row(name: str, action: str, resource: dict, physical: dict[str, str]) -> dict:
    row = {"Action": action, "LogicalResourceId": name, "ResourceType": resource["Type"]}
    row |= {"PhysicalResourceId": physical[name]} if name in physical else {}
    return row | {"Scope": [], "Details": []}


def _modified(name: str, old: dict, new: dict, physical: dict[str, str]) -> dict:
    details = _details(new["Type"], old.get("Properties", {}), new.get("Properties", {}))
    for attribute in ("DeletionPolicy", "UpdateReplacePolicy", "Metadata", "UpdatePolicy"):
        if old.get(attribute) != new.get(attribute):
            target = _target(attribute, None, old.get(attribute), new.get(attribute), "Never")
            details.append(_detail(target))
    recreations = {detail["Target"]["RequiresRecreation"] for detail in details}
    row = _row(name, "Modify", new, physical) | {
        "Scope": sorted({detail["Target"]["Attribute"] for detail in details}),
        "Details": details,
        "BeforeContext": _context(old),
        "AfterContext": _context(new),
        "Replacement": "False",
    }
    if "Always" in recreations:
        policy = old.get("UpdateReplacePolicy", "Delete")
        row |= {"Replacement": "True", "PolicyAction": f"ReplaceAnd{policy}"}
    elif "Conditionally" in recreations:
        row["Replacement"] = "Conditional"
    return row


def _details(kind: str, old: dict, new: dict) -> list[dict]:
    details = []
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            attribute = "Tags" if name == "Tags" else "Properties"
            recreation = _recreation(kind, name)
            target = _target(attribute, name, old.get(name), new.get(name), recreation)
            details.append(_detail(target))
    return details


def _dependent(name: str, resource: dict, causes: list[str], physical: dict[str, str]) -> dict:
    """It refers to what is replaced, so it may change when that is known."""
    details = []
    for property_name, value in resource.get("Properties", {}).items():
        for cause in causes:
            if _refers(value, cause):
                recreation = _recreation(resource["Type"], property_name)
                target = {"Attribute": "Properties", "Name": property_name}
                target |= {"RequiresRecreation": recreation, "Path": f"/Properties/{property_name}"}
                entity = {"ChangeSource": "ResourceReference", "CausingEntity": cause}
                details.append({"Target": target, "Evaluation": "Dynamic"} | entity)
    maybe = any(d["Target"]["RequiresRecreation"] != "Never" for d in details)
    row = _row(name, "Modify", resource, physical)
    replacement = "Conditional" if maybe else "False"
    return row | {"Scope": ["Properties"], "Details": details, "Replacement": replacement}


def _target(attribute: str, name: str | None, before, after, recreation: str) -> dict:
    kind = "Add" if before is None else "Remove" if after is None else "Modify"
    target = {"Attribute": attribute, "RequiresRecreation": recreation}
    target |= {"AttributeChangeType": kind}
    target |= {"Name": name, "Path": f"/Properties/{name}"} if name else {"Path": f"/{attribute}"}
    target |= {} if before is None else {"BeforeValue": _text(before)}
    return target | ({} if after is None else {"AfterValue": _text(after)})


def _detail(target: dict) -> dict:
    return {"Target": target, "Evaluation": "Static", "ChangeSource": "DirectModification"}


def _recreation(kind: str, name: str) -> str:
    replacing = REPLACING.get(kind, set())
    if name in replacing or ("*" in replacing and name not in MILD):
        return "Always"
    return "Conditionally" if name in MAYBE.get(kind, set()) else "Never"


def _refers(value, name: str) -> bool:
    """Whether there is a Ref or an Fn::GetAtt to a resource anywhere in it."""
    if isinstance(value, dict):
        if value.get("Ref") == name or (value.get("Fn::GetAtt") or [None])[0] == name:
            return True
        return any(_refers(each, name) for each in value.values())
    return isinstance(value, list) and any(_refers(each, name) for each in value)


def _context(resource: dict) -> str:
    kept = ("Properties", "Metadata", "DeletionPolicy", "UpdateReplacePolicy")
    return json.dumps({name: resource[name] for name in kept if name in resource})


def _text(value) -> str:
    return value if isinstance(value, str) else json.dumps(value)
