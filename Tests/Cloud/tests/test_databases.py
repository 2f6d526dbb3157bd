"""What RDS takes its time for, refuses, and leaves out when a database is restored."""

import datetime

import pytest
from botocore.exceptions import ClientError
from cloud.names import DATABASE

MODIFY_S = 300
OPTIMIZE_S = 6 * 3_600
BACKUP_S = 120
RESTORE_S = 600
SNAPSHOT = "ghost-before-5-87"


@pytest.fixture
def rds(cloud):
    return cloud.client("rds")


def database(rds, name: str = DATABASE) -> dict:
    return rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]


def snapshot(rds, name: str) -> dict:
    return rds.describe_db_snapshots(DBSnapshotIdentifier=name)["DBSnapshots"][0]


def code_of(refusal) -> str:
    return refusal.value.response["Error"]["Code"].removesuffix("Fault")


def test_storage_grows_by_a_tenth_and_then_rests(cloud, rds):
    asked = {"DBInstanceIdentifier": DATABASE, "ApplyImmediately": True}
    rds.modify_db_instance(**asked, AllocatedStorage=21)
    assert database(rds)["PendingModifiedValues"] == {"AllocatedStorage": 22}
    cloud.advance(MODIFY_S)
    assert database(rds)["DBInstanceStatus"] == "storage-optimization"
    assert database(rds)["AllocatedStorage"] == 22
    for change in ({"AllocatedStorage": 30}, {"StorageType": "gp3"}):
        with pytest.raises(ClientError, match="being optimized"):
            rds.modify_db_instance(**asked, **change)
    cloud.advance(OPTIMIZE_S)
    assert database(rds)["DBInstanceStatus"] == "available"
    rds.modify_db_instance(**asked, StorageType="gp3")


def test_an_encrypted_copy_of_a_snapshot_stays_encrypted_when_restored(cloud, rds):
    rds.copy_db_snapshot(
        SourceDBSnapshotIdentifier=SNAPSHOT,
        TargetDBSnapshotIdentifier="encrypted",
        KmsKeyId="alias/aws/rds",
    )
    assert snapshot(rds, "encrypted")["Status"] == "creating"
    cloud.advance(BACKUP_S)
    assert snapshot(rds, "encrypted")["Encrypted"]
    assert snapshot(rds, "encrypted")["SnapshotType"] == "manual"
    rds.restore_db_instance_from_db_snapshot(
        DBInstanceIdentifier="new", DBSnapshotIdentifier="encrypted"
    )
    assert database(rds, "new")["StorageEncrypted"]


def test_a_copy_needs_a_key_that_is_there(rds):
    with pytest.raises(ClientError) as refusal:
        rds.copy_db_snapshot(
            SourceDBSnapshotIdentifier=SNAPSHOT,
            TargetDBSnapshotIdentifier="encrypted",
            KmsKeyId="alias/nobody",
        )
    assert code_of(refusal) == "KMSKeyNotAccessible"


def test_a_snapshot_holds_the_storage_of_its_day(cloud, rds):
    rds.create_db_snapshot(DBInstanceIdentifier=DATABASE, DBSnapshotIdentifier="before")
    cloud.advance(BACKUP_S)
    rds.modify_db_instance(
        DBInstanceIdentifier=DATABASE, AllocatedStorage=40, ApplyImmediately=True
    )
    cloud.advance(MODIFY_S)
    rds.create_db_snapshot(DBInstanceIdentifier=DATABASE, DBSnapshotIdentifier="after")
    assert snapshot(rds, "before")["AllocatedStorage"] == 20
    assert snapshot(rds, "after")["AllocatedStorage"] == 40


def test_an_automated_snapshot_is_not_deleted(rds):
    automated = rds.describe_db_snapshots(SnapshotType="automated")["DBSnapshots"][0]
    with pytest.raises(ClientError) as refusal:
        rds.delete_db_snapshot(DBSnapshotIdentifier=automated["DBSnapshotIdentifier"])
    assert code_of(refusal) == "InvalidDBSnapshotState"
    rds.delete_db_snapshot(DBSnapshotIdentifier=SNAPSHOT)


def test_somebody_makes_a_snapshot_public(cloud, rds):
    cloud.post("drift", {"rds_public_snapshot": SNAPSHOT})
    answer = rds.describe_db_snapshot_attributes(DBSnapshotIdentifier=SNAPSHOT)
    [restore] = answer["DBSnapshotAttributesResult"]["DBSnapshotAttributes"]
    assert restore == {"AttributeName": "restore", "AttributeValues": ["all"]}


def restore(rds, **given) -> dict:
    asked = {"SourceDBInstanceIdentifier": DATABASE, "TargetDBInstanceIdentifier": "new"}
    return rds.restore_db_instance_to_point_in_time(**asked | given)["DBInstance"]


def window(rds) -> dict:
    answer = rds.describe_db_instance_automated_backups(DBInstanceIdentifier=DATABASE)
    return answer["DBInstanceAutomatedBackups"][0]["RestoreWindow"]


def test_a_restore_takes_the_defaults_and_not_the_sources_settings(cloud, rds):
    rds.modify_db_instance(
        DBInstanceIdentifier=DATABASE,
        DeletionProtection=True,
        MultiAZ=True,
        ApplyImmediately=True,
    )
    cloud.advance(MODIFY_S)
    source = database(rds)
    assert source["MultiAZ"] and source["DeletionProtection"]
    made = restore(rds, UseLatestRestorableTime=True)
    assert made["DBInstanceStatus"] == "creating"
    assert "Endpoint" not in made
    assert not made["MultiAZ"] and not made["DeletionProtection"]
    assert made["VpcSecurityGroups"] != source["VpcSecurityGroups"]
    assert made["DBSubnetGroup"]["DBSubnetGroupName"] == "default"
    cloud.advance(RESTORE_S)
    done = database(rds, "new")
    assert done["DBInstanceStatus"] == "available"
    assert done["Endpoint"]["Address"] != source["Endpoint"]["Address"]
    names = {s["DBSnapshotIdentifier"] for s in rds.describe_db_snapshots()["DBSnapshots"]}
    assert not any("point-in-time" in name for name in names)
    assert not database(rds)["ReadReplicaDBInstanceIdentifiers"]


def test_a_restore_takes_what_it_is_given(cloud, rds):
    source = database(rds)
    group = source["VpcSecurityGroups"][0]["VpcSecurityGroupId"]
    made = restore(
        rds,
        RestoreTime=window(rds)["EarliestTime"] + datetime.timedelta(hours=1),
        DBInstanceClass="db.t3.small",
        DBSubnetGroupName=source["DBSubnetGroup"]["DBSubnetGroupName"],
        VpcSecurityGroupIds=[group],
        StorageType="gp3",
        MultiAZ=True,
        DeletionProtection=True,
    )
    assert made["DBInstanceClass"] == "db.t3.small"
    assert made["VpcSecurityGroups"] == [{"VpcSecurityGroupId": group, "Status": "active"}]
    assert made["DBSubnetGroup"]["VpcId"] == source["DBSubnetGroup"]["VpcId"]
    assert made["StorageType"] == "gp3"
    assert made["MultiAZ"] and made["DeletionProtection"]
    with pytest.raises(ClientError) as refusal:
        restore(rds, UseLatestRestorableTime=True)
    assert code_of(refusal) == "DBInstanceAlreadyExists"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, "InvalidParameterCombination"),
        ({"RestoreTime": "2020-01-01T00:00:00Z"}, "InvalidParameterValue"),
        ({"UseLatestRestorableTime": True, "DBInstanceClass": "db.z1"}, "InvalidParameterCombin"),
        ({"UseLatestRestorableTime": True, "VpcSecurityGroupIds": ["sg-1"]}, "InvalidParameterV"),
        ({"UseLatestRestorableTime": True, "DBSubnetGroupName": "nobody"}, "DBSubnetGroupNotFo"),
        (
            {"UseLatestRestorableTime": True, "SourceDBInstanceIdentifier": "nobody"},
            "DBInstanceNotFound",
        ),
    ],
)
def test_a_restore_is_refused(rds, change, code):
    with pytest.raises(ClientError) as refusal:
        restore(rds, **change)
    assert code_of(refusal).startswith(code)


def test_without_backups_there_is_no_point_to_restore_to(cloud, rds):
    rds.modify_db_instance(
        DBInstanceIdentifier=DATABASE, BackupRetentionPeriod=0, ApplyImmediately=True
    )
    cloud.advance(MODIFY_S)
    assert "LatestRestorableTime" not in database(rds)
    answer = rds.describe_db_instance_automated_backups(DBInstanceIdentifier=DATABASE)
    assert answer["DBInstanceAutomatedBackups"] == []
    with pytest.raises(ClientError) as refusal:
        restore(rds, UseLatestRestorableTime=True)
    assert code_of(refusal) == "PointInTimeRestoreNotEnabled"


def test_the_window_is_as_long_as_the_retention(rds):
    rds.modify_db_instance(DBInstanceIdentifier=DATABASE, BackupRetentionPeriod=7)
    seen = window(rds)
    assert seen["LatestTime"] - seen["EarliestTime"] == datetime.timedelta(days=7)


def test_maintenance_is_pending_for_the_database(rds):
    arn = database(rds)["DBInstanceArn"]
    found = rds.describe_pending_maintenance_actions(ResourceIdentifier=arn)
    [resource] = found["PendingMaintenanceActions"]
    assert resource["PendingMaintenanceActionDetails"][0]["Action"] == "system-update"
    with pytest.raises(ClientError) as refusal:
        rds.describe_pending_maintenance_actions(ResourceIdentifier=arn + "x")
    assert code_of(refusal) == "ResourceNotFound"
