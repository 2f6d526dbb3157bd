"""The DNS zone, certificates, and the identities mail is sent as."""

import pytest
from botocore.exceptions import ClientError
from cloud.names import DOMAIN, ZONE

SYNC_S = 60
ISSUE_S = 300
MAIL_FROM = f"bounce.{ZONE}"


def code_of(refusal) -> str:
    return refusal.value.response["Error"]["Code"]


@pytest.fixture
def route53(cloud):
    return cloud.client("route53", "us-east-1")


@pytest.fixture
def zone(route53):
    [zone] = route53.list_hosted_zones()["HostedZones"]
    return zone["Id"]


def records(route53, zone, **asked) -> dict[tuple, dict]:
    """Every record set, page after page."""
    pages = route53.get_paginator("list_resource_record_sets").paginate(HostedZoneId=zone, **asked)
    rows = [row for page in pages for row in page["ResourceRecordSets"]]
    return {(row["Name"], row["Type"], row.get("SetIdentifier")): row for row in rows}


def change(route53, zone, *changes) -> dict:
    batch = {"Changes": [{"Action": a, "ResourceRecordSet": row} for a, row in changes]}
    return route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)["ChangeInfo"]


def row(name, kind, *values, ttl=300, **more) -> dict:
    listed = [{"Value": value} for value in values]
    return {"Name": name, "Type": kind, "TTL": ttl, "ResourceRecords": listed} | more


def test_a_change_is_in_sync_after_a_while(cloud, route53, zone):
    info = change(route53, zone, ("CREATE", row(f"*.{ZONE}", "A", "192.0.2.1")))
    assert info["Status"] == "PENDING"
    assert (f"\\052.{ZONE}.", "A", None) in records(route53, zone)
    assert route53.get_change(Id=info["Id"])["ChangeInfo"]["Status"] == "PENDING"
    cloud.advance(SYNC_S)
    assert route53.get_change(Id=info["Id"])["ChangeInfo"]["Status"] == "INSYNC"
    with pytest.raises(ClientError) as refusal:
        route53.get_change(Id="C0")
    assert code_of(refusal) == "NoSuchChange"


def test_pages_go_on_within_a_name_and_a_type(cloud, route53, zone):
    rows = [
        row(f"w.{ZONE}", "A", "192.0.2.1", SetIdentifier=name, Weight=1) for name in ("b", "a")
    ]
    change(route53, zone, *(("CREATE", each) for each in rows))
    whole = records(route53, zone)
    cloud.post("zone", {"rows_a_page": 1})
    paged = records(route53, zone)
    assert paged == whole and list(paged) == list(whole)
    assert [key[2] for key in whole if key[0] == f"w.{ZONE}."] == ["a", "b"]


@pytest.mark.parametrize(
    ("action", "refused"),
    [
        ("CREATE", row(ZONE, "TXT", '"twice"')),
        ("CREATE", row("other.org", "A", "192.0.2.1")),
        ("CREATE", row(f"a.{ZONE}", "A", "not-an-ip")),
        ("CREATE", row(f"a.{ZONE}", "TXT", "without marks")),
        ("CREATE", row(f"a.{ZONE}", "MX", "no priority")),
        ("CREATE", row(ZONE, "CNAME", "other.org")),
        ("CREATE", row(DOMAIN, "CNAME", "other.org")),
        ("CREATE", {"Name": f"a.{ZONE}", "Type": "A"}),
        ("DELETE", row(f"a.{ZONE}", "A", "192.0.2.1")),
        ("DELETE", row(f"_dmarc.{ZONE}", "TXT", '"v=DMARC1; p=none"', ttl=60)),
        ("DELETE", row(f"_dmarc.{ZONE}", "TXT", '"v=DMARC1; p=reject"')),
    ],
)
def test_a_bad_batch_is_refused_whole(route53, zone, action, refused):
    before = records(route53, zone)
    good = ("CREATE", row(f"good.{ZONE}", "A", "192.0.2.1"))
    with pytest.raises(ClientError) as refusal:
        change(route53, zone, good, (action, refused))
    assert code_of(refusal) == "InvalidChangeBatch"
    assert records(route53, zone) == before


def test_a_record_is_deleted_by_all_that_it_says(route53, zone):
    alias = records(route53, zone)[(f"{DOMAIN}.", "A", None)]
    assert "TTL" not in alias and alias["AliasTarget"]["EvaluateTargetHealth"] is False
    change(route53, zone, ("DELETE", alias), ("UPSERT", row(DOMAIN, "CNAME", "other.org")))
    after = records(route53, zone)
    assert (f"{DOMAIN}.", "A", None) not in after
    assert after[(f"{DOMAIN}.", "CNAME", None)]["ResourceRecords"] == [{"Value": "other.org"}]


def test_the_certificate_of_the_blog_is_issued_and_in_use(cloud):
    acm = cloud.client("acm")
    [summary] = acm.list_certificates()["CertificateSummaryList"]
    arn = summary["CertificateArn"]
    found = acm.describe_certificate(CertificateArn=arn)["Certificate"]
    assert (found["Status"], found["RenewalEligibility"]) == ("ISSUED", "ELIGIBLE")
    assert [user.split(":")[5].split("/")[0] for user in found["InUseBy"]] == ["loadbalancer"]
    with pytest.raises(ClientError) as refusal:
        acm.delete_certificate(CertificateArn=arn)
    assert code_of(refusal) == "ResourceInUseException"
    cloud.post("certificate", {"renewal": "FAILED", "renewal_reason": "CAA_ERROR"})
    found = acm.describe_certificate(CertificateArn=arn)["Certificate"]
    assert found["RenewalSummary"]["RenewalStatusReason"] == "CAA_ERROR"


def test_a_certificate_is_issued_once_its_record_is_in_the_zone(cloud, route53, zone):
    acm = cloud.client("acm")

    def state() -> dict:
        return acm.describe_certificate(CertificateArn=arn)["Certificate"]

    asked = {"DomainName": f"new.{ZONE}", "ValidationMethod": "DNS", "IdempotencyToken": "t"}
    arn = acm.request_certificate(**asked)["CertificateArn"]
    assert acm.request_certificate(**asked)["CertificateArn"] == arn
    cloud.advance(ISSUE_S)
    assert state()["Status"] == "PENDING_VALIDATION" and "NotAfter" not in state()
    [option] = state()["DomainValidationOptions"]
    proof = option["ResourceRecord"]
    change(route53, zone, ("CREATE", row(proof["Name"], proof["Type"], proof["Value"])))
    assert state()["Status"] == "PENDING_VALIDATION"
    cloud.advance(ISSUE_S)
    assert state()["Status"] == "ISSUED" and "NotAfter" in state()
    acm.delete_certificate(CertificateArn=arn)
    with pytest.raises(ClientError) as refusal:
        state()
    assert code_of(refusal) == "ResourceNotFoundException"


def test_a_certificate_nobody_proves_is_given_up(cloud):
    acm = cloud.client("acm")
    asked = {"DomainName": f"new.{ZONE}", "ValidationMethod": "DNS"}
    arn = acm.request_certificate(**asked)["CertificateArn"]
    cloud.advance(72 * 3_600)
    found = acm.describe_certificate(CertificateArn=arn)["Certificate"]
    assert found["Status"] == "VALIDATION_TIMED_OUT"


def test_certificates_with_other_keys_are_listed_when_asked_for(cloud):
    acm = cloud.client("acm")
    acm.request_certificate(DomainName=f"ec.{ZONE}", KeyAlgorithm="EC_prime256v1")
    assert len(acm.list_certificates()["CertificateSummaryList"]) == 1
    asked = {"keyTypes": ["RSA_2048", "EC_prime256v1"]}
    assert len(acm.list_certificates(Includes=asked)["CertificateSummaryList"]) == 2


def test_a_mail_from_domain_waits_for_its_record(cloud, route53, zone):
    ses = cloud.client("sesv2")

    def state() -> dict | None:
        return ses.get_email_identity(EmailIdentity=ZONE).get("MailFromAttributes")

    assert state() is None
    with pytest.raises(ClientError) as refusal:
        ses.put_email_identity_mail_from_attributes(EmailIdentity=ZONE, MailFromDomain="other.org")
    assert code_of(refusal) == "BadRequestException"
    ses.put_email_identity_mail_from_attributes(EmailIdentity=ZONE, MailFromDomain=MAIL_FROM)
    assert state()["MailFromDomainStatus"] == "PENDING"
    server = "10 feedback-smtp.us-west-2.amazonses.com"
    change(route53, zone, ("CREATE", row(MAIL_FROM, "MX", server)))
    assert state()["MailFromDomainStatus"] == "SUCCESS"
    ses.put_email_identity_mail_from_attributes(EmailIdentity=ZONE)
    assert state() is None


def test_the_account_and_the_domain_of_mail_change_on_demand(cloud):
    ses = cloud.client("sesv2")
    change = {"enforcement": "PROBATION", "sending": False, "verified": False, "dkim": "FAILED"}
    cloud.post("ses", change)
    account = ses.get_account()
    assert (account["EnforcementStatus"], account["SendingEnabled"]) == ("PROBATION", False)
    identity = ses.get_email_identity(EmailIdentity=ZONE)
    assert not identity["VerifiedForSendingStatus"]
    assert identity["DkimAttributes"]["Status"] == "FAILED"
    assert ses.get_account()["ProductionAccessEnabled"] is False
