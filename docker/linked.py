"""What a program is linked with, as the loader of this machine finds it."""

import pathlib
import re
import subprocess


def libraries(binary: pathlib.Path) -> list[pathlib.Path]:
    """Every library that is loaded with it, by the path the loader takes."""
    listed = subprocess.run(["ldd", binary], capture_output=True, text=True, check=True).stdout
    if missing := re.findall(r"(\S+) => not found", listed):
        raise LookupError(f"{binary} needs {', '.join(missing)}, which this machine has not")
    return [pathlib.Path(path) for path in re.findall(r"(/\S+) \(0x", listed)]


def owners(paths: list[pathlib.Path]) -> dict[pathlib.Path, str]:
    """The Debian package of each path; one that no package owns is left out."""
    names = {}
    for path in paths:
        # Debian 12 knows some files as /lib/… and some as /usr/lib/…, which is one folder.
        plain = re.sub("^/usr(?=/lib)", "", str(path))
        names |= {plain: path, f"/usr{plain}": path, str(path.resolve()): path}
    asked = ["dpkg-query", "--search", *names]
    # Ends with 1 when one of them has no owner, and lists the others.
    listed = subprocess.run(asked, capture_output=True, text=True).stdout
    found = {}
    for line in listed.splitlines():
        package, _, path = line.partition(": ")
        if path in names:
            found[names[path]] = package.split(",")[0]
    return found
