"""Sweeps of sites: how long one takes, and what 200 of them cost each minute."""

import contextlib
import json
import pathlib
import statistics
import subprocess
import urllib.request

from servers import PYTHON, ROOT, SITE, Unmeasured, cloud, environment, free_port, running

BENCHMARKS = ROOT / ".build" / "release" / "Benchmarks"
LATENCY_MS = 200
# The calls of a sweep that wait for one another are three: a list, what describes its entries, and
# what those name, as ecs:ListServiceDeployments, DescribeServiceDeployments, DescribeServiceRevisions.
# A first sweep needs what the stack holds before them; it also asks for a day of figures.
CHAIN = 3
SWEEPS = 6  # Of one site; the first is by itself.
PAUSE_S = 5  # The least there is between two polls: services with few tokens have them back.
SITES = 200
ROUNDS = 10  # Each is one minute of polling.
WARM_ROUNDS = 6  # By then what is kept for each site is there.
MINUTE_MS = 60_000
TARGETS = {
    "sweep_of_chain": ("≤", 1.5),
    "sites_core_percent": ("≤", 25),
    "sites_memory_growth": ("≤", 1.05),
}
# botocore's calls by name, as the demo cloud writes them down.
SEQUENCE = """\
import json, sys, time
import boto3
from botocore.config import Config
endpoint, calls = sys.argv[1], json.load(sys.stdin)
once = Config(retries={"total_max_attempts": 1})
clients, regions = {}, {"ce": "us-east-1", "pricing": "us-east-1", "route53": "us-east-1"}
def bound(service, operation):
    if service not in clients:
        clients[service] = boto3.client(
            service, region_name=regions.get(service, "us-west-2"), endpoint_url=endpoint, config=once)
    names = clients[service].meta.method_to_api_mapping
    return getattr(clients[service], next(n for n, api in names.items() if api == operation))
ready = [(bound(c["service"], c["operation"]), c["parameters"] or {}) for c in calls]
for _ in range(2):  # In the first the answers are kept.
    begun = time.perf_counter()
    for ask, parameters in ready:
        ask(**parameters)
print((time.perf_counter() - begun) * 1_000)
"""


def measure(folder: pathlib.Path) -> dict[str, float]:
    """Every figure by its name."""
    folder.mkdir()
    with contextlib.ExitStack() as started:
        there = started.enter_context(cloud(folder))
        port = free_port()
        command = [str(PYTHON), str(ROOT / "docker" / "replay.py"), str(port), str(there.port)]
        log = folder / "replay.log"
        started.enter_context(running(command, port, "/_cloud/calls", log))
        return one(folder, port) | many(folder, port)


def one(folder: pathlib.Path, port: int) -> dict[str, float]:
    """A sweep of one site, each call of which takes so long, and boto3's same calls in turn."""
    post(port, "/_cloud/forget")
    sweeps(folder / "kept", port, sites=1, count=2)  # Every answer is kept from here on.
    # All that a first sweep asks: what is kept is asked of the demo cloud once.
    calls = [c for c in get(port, "/_cloud/calls") if c["service"] and c["status"] < 300]
    post(port, "/_replay/latency", str(LATENCY_MS))
    rounds = sweeps(folder / "one", port, sites=1, count=SWEEPS, pause_s=PAUSE_S)
    first, *later = [wall for wall, _, _ in rounds]
    in_turn_ms = sequence(port, calls)
    post(port, "/_replay/latency", "0")
    wall_ms = statistics.median(later)
    return {
        "sweep_calls": len(calls),
        "sweep_ms": wall_ms,
        "sweep_of_chain": wall_ms / (LATENCY_MS * CHAIN),
        "first_sweep_ms": first,
        "boto3_in_turn_ms": in_turn_ms,
        "boto3_in_turn_of_first_sweep": in_turn_ms / first,
    }


def many(folder: pathlib.Path, port: int) -> dict[str, float]:
    """What polling 200 sites each minute takes of a core, and whether memory stays flat."""
    rounds = sweeps(folder / "many", port, sites=SITES, count=WARM_ROUNDS + ROUNDS)
    (_, _, warm_kib), *measured = rounds[WARM_ROUNDS - 1 :]
    core_ms = statistics.median(spent for _, spent, _ in measured)
    return {
        "sites_core_percent": core_ms / MINUTE_MS * 100,
        "sites_round_s": statistics.median(wall for wall, _, _ in measured) / 1_000,
        "sites_resident_mib": measured[-1][2] / 1_024,
        "sites_memory_growth": measured[-1][2] / warm_kib,
    }


def sweeps(
    folder: pathlib.Path, port: int, sites: int, count: int, pause_s: int = 0
) -> list[tuple[float, ...]]:
    """Wall and processor ms of each sweep, and the KiB of memory after it."""
    (folder / "data").mkdir(parents=True, mode=0o700)
    endpoint = {"endpoint": f"http://127.0.0.1:{port}"}
    settings = {
        "data": f"{folder}/data",
        "assets": str(ROOT),
        "sites": [SITE | endpoint | {"name": f"Ghost {number}"} for number in range(sites)],
    }
    configuration = folder / "caretaker.yaml"
    configuration.write_text(json.dumps(settings))  # JSON is YAML.
    command = [BENCHMARKS, "sweeps", configuration, str(count), str(pause_s)]
    result = subprocess.run(command, stdout=subprocess.PIPE, text=True, env=environment())
    rows = [tuple(map(float, line.split("\t"))) for line in result.stdout.splitlines()]
    if result.returncode != 0 or len(rows) != count:
        raise Unmeasured(f"Benchmarks sweeps ended with {result.returncode}; see above")
    return rows


def sequence(port: int, calls: list[dict]) -> float:
    """Milliseconds that boto3 takes for the calls, one after another."""
    command = [PYTHON, "-c", SEQUENCE, f"http://127.0.0.1:{port}"]
    result = subprocess.run(
        command, input=json.dumps(calls), stdout=subprocess.PIPE, text=True, env=environment()
    )
    if result.returncode != 0:
        raise Unmeasured("boto3 could not make the calls of a sweep; see above")
    return float(result.stdout)


def get(port: int, path: str):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as answer:
        return json.load(answer)


def post(port: int, path: str, body: str = "{}") -> None:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data=body.encode())
    urllib.request.urlopen(request).close()
