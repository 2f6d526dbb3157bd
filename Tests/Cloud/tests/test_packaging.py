"""What Caretaker is installed by, held against the program and against itself.

`docker/prove` builds and runs all of it; this is what can be seen without.
"""

import http.server
import json
import os
import pathlib
import re
import shutil
import subprocess
import threading

import botocore.session
import botocore.validate
import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[3]
DOCKER = ROOT / "docker"
DOCKERFILE = (DOCKER / "Dockerfile").read_text()
UNIT = (DOCKER / "caretaker.service").read_text()
BUILDS = ("release", "debug")
# Options that every command has, and the manual does not repeat.
EVERYWHERE = ("help", "version")
# What a transaction, AWS and who is told that it is too busy may take, with room to spare.
OTHER_FILES = 4_096


def number(path: str, pattern: str) -> int:
    """A number in a source, where `_` stands between thousands."""
    return int(re.search(pattern, (ROOT / path).read_text())[1].replace("_", ""))


def stop_s() -> float:
    """What a stop may take: answers under way, and after them the call that a run is making."""
    grace = number("Sources/Portal/Listener.swift", r"graceMs = ([\d_]+)")
    call = number("Sources/AWS/Client.swift", r"attemptTimeoutMs: Int64 = ([\d_]+)")
    theme = number("Sources/Portal/Ghost/GhostThemes.swift", r"uploadWithinMs: Int64 = ([\d_]+)")
    return (grace + max(call, theme)) / 1_000


def files_needed() -> int:
    connections = number("Sources/Portal/Configuration.swift", r"connectionsMax = ([\d_]+)")
    redirect = number("Sources/HTTP/Limits.swift", r"connectionsMax = ([\d_]+)")
    return connections + redirect + OTHER_FILES


@pytest.fixture(scope="module")
def binary() -> pathlib.Path:
    builds = [ROOT / ".build" / name / "caretaker" for name in BUILDS]
    return next(path for path in builds if path.exists())


@pytest.fixture(scope="module")
def sbom(binary) -> dict:
    return json.loads(said(DOCKER / "sbom", binary))


@pytest.fixture(scope="module")
def deb(binary, tmp_path_factory) -> pathlib.Path:
    folder = tmp_path_factory.mktemp("deb")
    return pathlib.Path(said(DOCKER / "deb", "--quick", "--binary", binary, "--folder", folder))


@pytest.fixture(scope="module")
def tree(deb) -> pathlib.Path:
    """What the package brings, and what dpkg reads of it, in a folder."""
    folder = deb.parent / "tree"
    said("dpkg-deb", "--raw-extract", deb, folder)
    return folder


def said(*command: str | pathlib.Path) -> str:
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


# The image


def test_what_is_built_last_is_the_portal_with_a_check_and_a_time_to_stop():
    stages = re.findall(r"^FROM \S+ AS (\S+)$", DOCKERFILE, re.MULTILINE)
    assert stages[-1] == "portal"
    portal = DOCKERFILE.partition("AS portal")[2]
    assert "STOPSIGNAL SIGTERM" in portal
    assert 'CMD ["/opt/caretaker/alive"]' in portal
    assert 'ENTRYPOINT ["/opt/caretaker/caretaker"]' in portal


def test_the_images_are_named_by_a_version():
    images = re.findall(r"^ARG \w+=(\S+)$", DOCKERFILE, re.MULTILINE)
    assert len(images) == 2
    assert all(":" in image and not image.endswith(":latest") for image in images)
    assert len({re.search("[a-z]+(?=-slim)|[a-z]+$", image)[0] for image in images}) == 1


def test_every_stage_that_runs_ends_as_a_number_that_is_not_root():
    for stage in re.split(r"^FROM ", DOCKERFILE, flags=re.MULTILINE)[2:-1]:
        users = re.findall(r"^USER (\S+)$", stage, re.MULTILINE)
        assert users[-1] == "10001:10001"


def test_the_image_is_built_with_what_the_setup_installs():
    packages = re.search(r"^packages=\(\n(.*?)\)", (DOCKER / "setup").read_text(), re.S | re.M)
    for package in packages[1].split():
        if package.endswith("-dev"):
            assert f" {package} " in DOCKERFILE, package


def test_the_build_sees_nothing_but_what_it_copies():
    lines = (DOCKER / "Dockerfile.dockerignore").read_text().splitlines()
    rules = [line for line in lines if not line.startswith("#")]
    assert rules[0] == "*"
    seen = {rule[1:].partition("/")[0] for rule in rules if rule.startswith("!")}
    for source in re.findall(r"^COPY (?!--)(.+) \S+$", DOCKERFILE, re.MULTILINE):
        assert {path.partition("/")[0] for path in source.split()} <= seen, source


@pytest.mark.parametrize("status", [200, 404, 503])
def test_the_portal_is_alive_whatever_it_answers(status):
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_HEAD(self):
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        assert alive(server.server_port) == 0


def test_a_port_that_nobody_listens_on_is_not_alive():
    with http.server.HTTPServer(("127.0.0.1", 0), None) as server:
        port = server.server_port
    assert alive(port) != 0


def alive(port: int) -> int:
    where = os.environ | {"CARETAKER_LISTEN": f"0.0.0.0:{port}"}
    return subprocess.run([DOCKER / "alive"], env=where, capture_output=True).returncode


# Where it runs


def test_compose_publishes_on_this_machine_alone():
    compose = yaml.safe_load((DOCKER / "compose.yaml").read_text())
    published = [port for each in compose["services"].values() for port in each.get("ports", [])]
    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)
    for name, service in compose["services"].items():
        assert service["read_only"] and service["cap_drop"] == ["ALL"], name
        assert f"AS {service['build']['target']}\n" in DOCKERFILE
    portal = compose["services"]["portal"]
    assert int(portal["stop_grace_period"].removesuffix("s")) > stop_s()
    assert portal["ulimits"]["nofile"] >= files_needed()


def test_the_unit_gives_it_files_and_time():
    assert int(re.search(r"^LimitNOFILE=(\d+)$", UNIT, re.MULTILINE)[1]) >= files_needed()
    assert int(re.search(r"^TimeoutStopSec=(\d+)$", UNIT, re.MULTILINE)[1]) > stop_s()
    operations = (ROOT / "docs/operations.md").read_text()
    assert "`LimitNOFILE`" in operations and "`connections`" in operations


def test_kubernetes_runs_one_that_is_closed_on_one_disk():
    resources = yaml.safe_load_all((DOCKER / "kubernetes.yaml").read_text())
    spec = next(each for each in resources if each["kind"] == "StatefulSet")["spec"]
    pod = spec["template"]["spec"]
    portal = pod["containers"][0]
    assert spec["replicas"] == 1
    assert pod["terminationGracePeriodSeconds"] > stop_s()
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert portal["securityContext"]["readOnlyRootFilesystem"] is True
    assert portal["securityContext"]["allowPrivilegeEscalation"] is False
    assert {"startupProbe", "readinessProbe", "livenessProbe"} <= portal.keys()
    mounts = {each["mountPath"]: each.get("readOnly", False) for each in portal["volumeMounts"]}
    assert [path for path, is_read_only in mounts.items() if not is_read_only] == [
        "/var/lib/caretaker",
        "/tmp",
    ]
    claim = spec["volumeClaimTemplates"][0]["spec"]
    assert claim["accessModes"] == ["ReadWriteOncePod"]


@pytest.mark.parametrize(
    "operation, file", [("RegisterTaskDefinition", "task"), ("CreateService", "service")]
)
def test_ecs_takes_what_is_there(operation, file):
    shape = botocore.session.get_session().get_service_model("ecs")
    request = json.loads((DOCKER / "ecs" / f"{file}.json").read_text())
    wanted = shape.operation_model(operation).input_shape
    assert request.keys() <= wanted.members.keys()
    report = botocore.validate.ParamValidator().validate(request, wanted)
    assert not report.has_errors(), report.generate_report()


def test_ecs_ends_the_one_before_it_starts_the_next():
    service = json.loads((DOCKER / "ecs/service.json").read_text())
    assert service["desiredCount"] == 1
    deployment = service["deploymentConfiguration"]
    assert (deployment["minimumHealthyPercent"], deployment["maximumPercent"]) == (0, 100)
    task = json.loads((DOCKER / "ecs/task.json").read_text())
    portal = task["containerDefinitions"][0]
    assert portal["stopTimeout"] == 120  # ECS takes no more.
    assert portal["readonlyRootFilesystem"] and portal["user"] == "10001:10001"
    assert not any("efsVolumeConfiguration" in each for each in task["volumes"])


# What it is made of


def test_the_list_of_parts_is_whole(sbom):
    assert sbom["spdxVersion"] == "SPDX-2.3" and sbom["dataLicense"] == "CC0-1.0"
    assert sbom["documentNamespace"].startswith("https://")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", sbom["creationInfo"]["created"])
    ids = [each["SPDXID"] for each in sbom["packages"]]
    assert len(set(ids)) == len(ids)
    for package in sbom["packages"]:
        assert re.fullmatch(r"SPDXRef-[A-Za-z0-9.-]+", package["SPDXID"])
        assert package["name"] and package["versionInfo"] and package["downloadLocation"]
    for relation in sbom["relationships"]:
        named = {relation["spdxElementId"], relation["relatedSpdxElement"]}
        assert named <= {"SPDXRef-DOCUMENT", *ids}
    assert len(sbom["relationships"]) == len(ids)


def test_the_list_of_parts_names_what_is_compiled_in_and_what_is_loaded(sbom):
    versions = {each["name"]: each["versionInfo"] for each in sbom["packages"]}
    wanted = r'url: "https://github.com/[^/]+/([^"]+)", exact: "([^"]+)"'
    exact = re.findall(wanted, (ROOT / "Package.swift").read_text())
    assert len(exact) >= 6
    for name, version in exact:
        assert versions[name] == version
    assert {"swift-runtime", "libssl3", "libcurl4", "libsqlite3-0", "libargon2-1"} <= set(versions)
    references = [
        reference["referenceLocator"]
        for each in sbom["packages"]
        for reference in each.get("externalRefs", [])
    ]
    assert len(references) == len(versions) - 1
    assert all(reference.startswith("pkg:") for reference in references)


# The Debian package


def test_the_package_brings_what_runs_and_what_tells_of_it(tree):
    for path in (
        "opt/caretaker/lib/libswiftCore.so",
        "opt/caretaker/Templates/layout.mustache",
        "opt/caretaker/Public/caretaker.css",
        "opt/caretaker/licences/GRDB.swift-LICENSE.txt",
        "usr/share/bash-completion/completions/caretaker",
        "usr/share/zsh/vendor-completions/_caretaker",
        "usr/share/fish/vendor_completions.d/caretaker.fish",
        "usr/share/doc/caretaker/copyright",
        "usr/share/doc/caretaker/caretaker.spdx.json",
    ):
        assert (tree / path).stat().st_size > 0, path
    assert (tree / "lib/systemd/system/caretaker.service").read_text() == UNIT
    assert (tree / "usr/bin/caretaker").readlink() == pathlib.Path("/opt/caretaker/caretaker")
    assert not (tree / "var").exists()


def test_the_example_is_kept_when_somebody_has_changed_it(tree):
    assert (tree / "DEBIAN/conffiles").read_text() == "/etc/caretaker/caretaker.yaml\n"
    example = yaml.safe_load((tree / "etc/caretaker/caretaker.yaml").read_text())
    assert example["data"] == "/var/lib/caretaker" and example["assets"] == "/opt/caretaker"
    assert "--config /etc/caretaker/caretaker.yaml" in UNIT


def test_the_program_looks_for_its_libraries_beside_it_alone(tree):
    shown = said("chrpath", "--list", tree / "opt/caretaker/caretaker")
    assert shown.endswith("RUNPATH=$ORIGIN/lib")


def test_nothing_of_the_package_can_be_changed_by_others(deb):
    for line in said("dpkg-deb", "--contents", deb).splitlines():
        mode, owner = line.split()[:2]
        assert owner == "root/root" and (mode[0] == "l" or "w" not in mode[4:]), line


@pytest.mark.parametrize("name", ["postinst", "prerm", "postrm"])
def test_the_scripts_of_the_package_touch_no_data(tree, name):
    script = tree / "DEBIAN" / name
    said("sh", "-n", script)
    assert script.stat().st_mode & 0o777 == 0o755
    assert not re.search(r"\b(rm|deluser|userdel|chown -R)\b", script.read_text())


def test_the_manual_names_every_command_and_option(binary, tree):
    page = said("gzip", "--decompress", "--stdout", tree / "usr/share/man/man1/caretaker.1.gz")
    plain = page.replace("\\-", "-")
    commands = json.loads(said(binary, "--experimental-dump-help"))["command"]["subcommands"]
    count = 0
    for command in commands:
        below = command.get("subcommands", [command])
        for each in (each for each in below if each["commandName"] != "help"):
            path = ["caretaker", command["commandName"]]
            path += [] if each is command else [each["commandName"]]
            assert f".SS {' '.join(path)}\n" in plain
            count += 1
            for argument in each.get("arguments", []):
                if argument["kind"] != "positional" and argument["valueName"] not in EVERYWHERE:
                    assert "--" + argument["preferredName"]["name"] in plain
    assert count >= 15 and "@COMMANDS@" not in page and "@VERSION@" not in page


def test_a_standby_brings_a_database_back_only_where_there_is_none(tmp_path):
    database = tmp_path / "caretaker.sqlite"
    for name in ("caretaker", "litestream"):
        (tmp_path / name).write_text('#!/bin/sh\necho "$(basename "$0") ${KEY:-} $*"\n')
        (tmp_path / name).chmod(0o755)
    shutil.copy(DOCKER / "standby/stand-by", tmp_path)
    (tmp_path / "replica.env").write_text("KEY=secret\n")
    (tmp_path / ".caretaker.sqlite-litestream").mkdir()
    path = f"{tmp_path}:{os.environ['PATH']}"
    environment = {"PATH": path, "CREDENTIALS_DIRECTORY": str(tmp_path)}

    def done() -> list[str]:
        command = [tmp_path / "stand-by", database]
        ran = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
        return ran.stdout.splitlines()

    wait, restore, wait_again = done()
    assert wait.startswith("caretaker  lease wait ") and " lease wait " in wait_again
    assert restore.startswith("litestream secret restore -if-replica-exists ")
    assert restore.endswith(f" {database}")
    assert not (tmp_path / ".caretaker.sqlite-litestream").exists()
    database.touch()
    assert done() == [wait, wait]
