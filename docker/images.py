"""Images without a registry and without an engine: debootstrap makes the base, buildah the rest."""

import json
import pathlib
import shutil
import subprocess
import sys

import linked

ROOT = pathlib.Path(__file__).resolve().parents[1]
KEPT = ROOT / ".build-prove"
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
DEBIAN = "docker.io/library/debian:bookworm-slim"
SWIFT = "docker.io/library/swift:6.3.1-bookworm"
# Stands where the compiler is, and hands out what it has built before.
COMPILER = """\
#!/bin/sh
case "$1" in
  build) cp -a /built/. . ;;
  --version) cat /built-by ;;
  *) exit 2 ;;
esac
"""


def buildah(*words: str | pathlib.Path) -> str:
    """Runs it on a store of its own, and gives what it says."""
    store = ["--root", KEPT / "store", "--runroot", KEPT / "run", "--storage-driver", "overlay"]
    command = ["buildah", *store, *words]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    with (KEPT / "buildah.log").open("a") as log:
        print("$", *command, done.stdout, done.stderr, sep="\n", file=log)
    if done.returncode != 0:
        last = " ".join(done.stderr.strip().splitlines()[-2:])
        sys.exit(f"prove: {words[0]} failed: {last}; {KEPT}/buildah.log has the rest")
    return done.stdout.strip()


def make_bases(binary: pathlib.Path) -> None:
    """Both images that the Dockerfile begins with: a bare Debian, and one with the build."""
    base = KEPT / "base"
    if not (base / "etc/debian_version").exists():
        shutil.rmtree(base, ignore_errors=True)
        with (KEPT / "debootstrap.log").open("w") as log:
            command = ["debootstrap", "--variant=minbase", "bookworm", base]
            subprocess.run(command, check=True, stdout=log, stderr=log)
    commit(DEBIAN, "scratch", base, "/")
    stand_in = KEPT / "swift"
    lay_out_build(binary, stand_in)
    commit(SWIFT, DEBIAN, stand_in, "/")


def commit(name: str, base: str, folder: pathlib.Path, place: str) -> None:
    container = buildah("from", "--pull-never", base)
    buildah("add", "--quiet", container, folder, place)
    buildah("commit", "--quiet", "--timestamp", "0", container, name)
    buildah("rm", container)


def lay_out_build(binary: pathlib.Path, folder: pathlib.Path) -> None:
    """What `swift build` leaves, and the toolchain's libraries where the program looks for them."""
    shutil.rmtree(folder, ignore_errors=True)
    built = folder / "built" / ".build"
    (built / "release").mkdir(parents=True)
    shutil.copy(binary, built / "release" / "caretaker")
    shutil.copy(ROOT / "Package.resolved", folder / "built" / "Package.resolved")
    for text in (ROOT / ".build" / "checkouts").glob("*/[LN][IO][CT]*"):
        copy(text, built / "checkouts" / text.parent.name / text.name)
    swift = pathlib.Path(shutil.which("swift")).resolve()
    toolchain = swift.parents[1]
    paths = linked.libraries(binary)
    for path in set(paths) - linked.owners(paths).keys():
        copy(path, folder / str(path)[1:])
    place = folder / str(toolchain)[1:]
    copy(toolchain / "share/swift/LICENSE.txt", place / "share/swift/LICENSE.txt")
    (place / "bin").mkdir()
    (place / "bin/swift").write_text(COMPILER)
    (place / "bin/swift").chmod(0o755)
    (folder / "usr/local/bin").mkdir(parents=True)
    (folder / "usr/local/bin/swift").symlink_to(toolchain / "bin/swift")
    version = subprocess.run(["swift", "--version"], capture_output=True, text=True, check=True)
    (folder / "built-by").write_text(version.stdout)


def copy(source: pathlib.Path, target: pathlib.Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(source, target)


def build(target: str, name: str) -> None:
    """Does every step of docker/Dockerfile up to a stage."""
    file = ROOT / "docker" / "Dockerfile"
    # pip asks a registry, maybe through a proxy whose authority only this machine knows.
    own = ["--volume", f"{CERTIFICATES}:/machine.crt:ro", "--env", "PIP_CERT=/machine.crt"]
    buildah(
        "build", "--isolation", "chroot", "--pull-never", "--layers", "--format", "docker",
        *(own if target == "demo" else []), "--ignorefile", f"{file}.dockerignore", "--file", file,
        "--target", target, "--tag", name, ROOT,
    )  # fmt: skip


def settings(name: str) -> dict:
    """What the image says of how it is run."""
    return json.loads(buildah("inspect", "--type", "image", name))["Docker"]["config"]


def opened(name: str) -> tuple[str, pathlib.Path]:
    """A container of the image, and the folder that is its root."""
    container = buildah("from", "--pull-never", name)
    return container, pathlib.Path(buildah("mount", container))
