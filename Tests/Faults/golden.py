"""Writes the golden database of this version: a backup of a portal on which a change was run and
another was approved. UpgradeTests opens that of every release.

    make golden
"""

import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "Tests" / folder) for folder in ("Cloud", "Pages")]

from cloud import process  # noqa: E402
from portal import BINARY, environment  # noqa: E402
from walk import AT_ONCE, Scene  # noqa: E402

FOLDER = ROOT / "Tests" / "PortalTests" / "Golden"
PASSWORD = "correct horse battery staple"


def main() -> None:
    with tempfile.TemporaryDirectory() as name, process.running(AT_ONCE) as cloud:
        folder = pathlib.Path(name)
        scene = Scene.with_people(folder / "portal", cloud)
        for send in (scene.proposal, scene.approval, scene.execution):
            send()()
        scene.drive_to_the_end()
        scene.is_back = True
        scene.proposal()()
        scene.approval()()
        scene.portal.stop()
        for login in scene.people:
            command("user", "reset-password", "--login", login, "--password-stdin", of=scene)
        command("backup", "--to", str(folder / "made"), of=scene)
        made = next((folder / "made").iterdir())
        newest = max((ROOT / "Sources" / "Portal" / "Schema").glob("*.sql")).name[:4]
        version = subprocess.check_output([BINARY, "--version"], text=True).strip()
        FOLDER.mkdir(exist_ok=True)
        shutil.move(made, FOLDER / f"{version}-{newest}.zip")


def command(*words: str, of: Scene) -> None:
    subprocess.run(
        [BINARY, *words, "--config", of.portal._configuration],
        input=PASSWORD + "\n",
        text=True,
        env=environment(),
        check=True,
    )


if __name__ == "__main__":
    main()
