"""What a blog that has run for a while leaves in its account. All of it is made up."""

import datetime
import hashlib
import json

from .moto import Moto
from .names import (
    ACCOUNT,
    BUCKET,
    DATABASE,
    DEPLOY_ROLE,
    DOMAIN,
    LOG_GROUP,
    OPERATOR_ROLE,
    REPOSITORY,
    ZONE,
)

IMAGES = ["v5.80.0-1", "v5.82.2-1", "v5.87.1-2", "v5.87.1-3"]
# When they came, for who looks at them; moto has them all come now.
PUSHED_DAYS_AGO = {"v5.80.0-1": 75, "v5.82.2-1": 40, "v5.87.1-2": 21, "v5.87.1-3": 20.9}
MEDIA = [
    "content/images/2026/01/hero.jpg",
    "content/images/2026/02/cat.png",
    "content/files/a b+c.pdf",
    "themes/casper-5.7.zip",
]
DKIM_TOKENS = ["aaaaexampletoken", "bbbbexampletoken", "ccccexampletoken"]


def validation_record(domain: str) -> dict:
    """The record that proves a domain to ACM; a wildcard has that of its domain."""
    domain = domain.removeprefix("*.")
    ours, theirs = (hashlib.md5(part + domain.encode()).hexdigest() for part in (b"n ", b"v "))
    name, value = f"_{ours}.{domain}.", f"_{theirs}.xlfgrmvvlj.acm-validations.aws."
    return {"Name": name, "Type": "CNAME", "Value": value}


def fill(moto: Moto, physical: dict[str, str]) -> None:
    """Adds images, logs, media, a snapshot, DNS records and identities."""
    now = datetime.datetime.now(datetime.timezone.utc)
    _put_images(moto)
    _put_logs(moto, now)
    for key in MEDIA:
        moto.client("s3").put_object(Bucket=BUCKET, Key=key, Body=b"x" * 2048)
    moto.client("rds").create_db_snapshot(
        DBInstanceIdentifier=DATABASE, DBSnapshotIdentifier="ghost-before-5-87"
    )
    _put_mail(moto, physical["HostedZoneDB99F866"])
    _put_roles(moto)


def _put_images(moto: Moto) -> None:
    for tag in IMAGES:
        moto.client("ecr").put_image(
            repositoryName=REPOSITORY, imageManifest=manifest(tag), imageTag=tag
        )


def manifest(name: str) -> str:
    """The manifest of an image that nobody has built."""
    digest = "sha256:" + hashlib.sha256(name.encode()).hexdigest()
    docker = "application/vnd.docker"
    config = {"mediaType": f"{docker}.container.image.v1+json", "size": 7023, "digest": digest}
    layer = {"mediaType": f"{docker}.image.rootfs.diff.tar.gzip", "size": 140_000_000}
    return json.dumps(
        {
            "schemaVersion": 2,
            "mediaType": f"{docker}.distribution.manifest.v2+json",
            "config": config,
            "layers": [layer | {"digest": digest}],
        }
    )


def _put_logs(moto: Moto, now: datetime.datetime) -> None:
    stream = "ghost/ghost/" + hashlib.sha256(b"first task").hexdigest()[:32]
    lines = [
        "Ghost is running in production...",
        f"Your site is now available on https://{DOMAIN}/",
    ]
    for post in range(200):
        status = 200 if post % 9 else 500
        request = {"method": "GET", "url": f"/post-{post}/"}
        line = {"level": 30, "req": request, "res": {"statusCode": status}}
        lines.append(json.dumps(line | {"responseTime": f"{5 + post % 40}ms"}))
    now_ms = int(now.timestamp() * 1000)
    start_ms = now_ms - 3_600_000
    events = [{"timestamp": start_ms + i * 1000, "message": m} for i, m in enumerate(lines)]
    # Late enough to be within the last hour for as long as anybody looks.
    refused = (
        "ERROR Mail failed: Error: Failed to send email. Reason: 554 Message rejected: "
        "Email address is not verified. sandbox"
    )
    events.append({"timestamp": now_ms - 60_000, "message": refused})
    logs = moto.client("logs")
    logs.create_log_stream(logGroupName=LOG_GROUP, logStreamName=stream)
    logs.put_log_events(logGroupName=LOG_GROUP, logStreamName=stream, logEvents=events)


def _put_mail(moto: Moto, zone_id: str) -> None:
    """The identities, in both of moto's separate lists, and the records that prove the domain."""
    moto.client("ses").verify_domain_identity(Domain=ZONE)
    for identity in (ZONE, f"owner@{ZONE}"):
        moto.client("sesv2").create_email_identity(EmailIdentity=identity)
    records = [(ZONE, "TXT", '"v=spf1 include:amazonses.com ~all"')]
    records.append((f"_dmarc.{ZONE}", "TXT", '"v=DMARC1; p=none"'))
    for token in DKIM_TOKENS:
        records.append((f"{token}._domainkey.{ZONE}", "CNAME", f"{token}.dkim.amazonses.com"))
    proof = validation_record(DOMAIN)
    records.append((proof["Name"], proof["Type"], proof["Value"]))
    changes = [
        {
            "Action": "UPSERT",
            "ResourceRecordSet": {
                "Name": name,
                "Type": kind,
                "TTL": 300,
                "ResourceRecords": [{"Value": value}],
            },
        }
        for name, kind, value in records
    ]
    moto.client("route53").change_resource_record_sets(
        HostedZoneId=zone_id, ChangeBatch={"Changes": changes}
    )


def _put_roles(moto: Moto) -> None:
    """The role a portal may take on, and that of the runs on GitHub."""
    for name in (OPERATOR_ROLE, DEPLOY_ROLE):
        _put_role(moto, name)


def _put_role(moto: Moto, name: str) -> None:
    iam = moto.client("iam")
    allow_all = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    trust = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
        "Action": "sts:AssumeRole",
    }
    iam.create_role(
        RoleName=name,
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
    )
    iam.put_role_policy(
        RoleName=name,
        PolicyName="ops",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [allow_all]}),
    )
