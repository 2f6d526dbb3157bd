"""The logs of two portals in one bucket, asked as one by an engine for lines."""

import pathlib
import signal
import subprocess
import time

import boto3
import duckdb
import pytest
from cloud.names import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY
from test_documents import BINARY, BUCKET, CONFIGURATION, GOLDEN, shell

STREAM = f"stream:\n  bucket: {BUCKET}\n  prefix: logs\n"


@pytest.fixture(scope="module")
def streamed(running, tmp_path_factory):
    """A folder with what two portals have put; each began with another database."""
    bucket = boto3.resource(
        "s3", endpoint_url=running.url, region_name=REGION,
        aws_access_key_id=ACCESS_KEY_ID, aws_secret_access_key=SECRET_ACCESS_KEY,
    ).Bucket(BUCKET)  # fmt: skip
    machines = tmp_path_factory.mktemp("machines")
    processes = [
        portal(machines / name, running.url, golden)
        for name, golden in [("one", GOLDEN), ("two", GOLDEN.with_name("0.1.0-0022.zip"))]
    ]
    try:
        for _ in range(300):
            names = [o.key for o in bucket.objects.filter(Prefix="logs/")]
            if len({name.split("/")[1] for name in names}) == 2:
                break
            time.sleep(0.1)
    finally:
        for process in processes:
            process.send_signal(signal.SIGTERM)
        assert [process.wait(40) for process in processes] == [0, 0]
    folder = machines / "bucket"
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        bucket.download_file(name, str(folder / name))
    return folder


def portal(folder: pathlib.Path, endpoint: str, golden: pathlib.Path) -> subprocess.Popen:
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "caretaker").symlink_to(BINARY)
    (folder / "caretaker.yaml").write_text(CONFIGURATION.replace("ENDPOINT", endpoint) + STREAM)
    assert shell(folder, f"caretaker restore {golden} --data data").returncode == 0
    assert shell(folder, "caretaker audit rotate-key --lost").returncode == 0
    environment = {"AWS_ACCESS_KEY_ID": ACCESS_KEY_ID, "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY}
    with (folder / "log").open("w") as log:
        return subprocess.Popen([BINARY, "serve"], cwd=folder, env=environment, stderr=log)


def test_one_question_is_answered_over_the_logs_of_two_portals(streamed):
    files = str(streamed / "logs/**/*.jsonl")
    counts = duckdb.sql(
        f"""
        SELECT log, count(entry.seq), max(entry.seq), count(DISTINCT entry.seq),
               count(*) FILTER (entry.type = 'change.approved')
        FROM read_json('{files}', hive_partitioning = true, union_by_name = true,
                       columns = {{entry: 'STRUCT(seq BIGINT, type VARCHAR)', link: 'VARCHAR'}})
        WHERE entry IS NOT NULL GROUP BY log
        """
    ).fetchall()
    assert len(counts) == 2
    for _, entries, last, distinct, approvals in counts:
        assert entries == last == distinct > 20
        assert approvals > 0


def test_what_lies_in_the_bucket_is_proven_there(streamed):
    for path in streamed.rglob("*.jsonl"):
        ended = subprocess.run([BINARY, "audit", "verify", path], capture_output=True, text=True)
        assert ended.returncode in (0, 2), ended.stdout
