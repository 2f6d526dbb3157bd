"""The themes on the disk of the running task, and the check each must pass.

services/themes/storage.js and validate.js of TryGhost/Ghost, and gscan
"""

import dataclasses
import io
import json
import re
import stat
import zipfile

from .errors import GhostError
from .multipart import Upload

NAME, VERSION = "ghost-blog-theme", "1.4.0"
OVERRIDABLE_NOT = ("casper", "source")
CONTENT_TYPES = ("application/zip", "application/x-zip-compressed", "application/octet-stream")
NAME_BYTES_MAX = 253
FILE_BYTES_MAX = 512 * 1024 * 1024
TOTAL_BYTES_MAX = 4 * 1024 * 1024 * 1024
CANNOT_SAVE = "Validation error, cannot save theme."


@dataclasses.dataclass(frozen=True)
class Theme:
    """A theme on disk: its files by path below its own folder."""

    name: str
    files: dict[str, bytes]

    @property
    def package(self) -> dict | bool:
        try:
            return json.loads(self.files["package.json"])
        except (KeyError, ValueError):
            return False

    @property
    def version(self) -> str:
        package = self.package
        return str(package.get("version", "")) if isinstance(package, dict) else ""

    def errors(self) -> list[dict]:
        """What gscan finds wrong; what is fatal keeps the theme from being used."""
        found = []
        for file, rule in (("index.hbs", "GS020-INDEX-REQ"), ("post.hbs", "GS020-POST-REQ")):
            if file not in self.files:
                sentence = f"A template file called {file} must be present"
                found.append(_finding(rule, sentence, file, "Missing file", fatal=True))
        for path, content in self.files.items():
            if path.endswith(".hbs") and content.count(b"{{") != content.count(b"}}"):
                sentence = "Templates must contain valid Handlebars"
                found.append(_finding("GS005-TPL-ERR", sentence, path, "Parse error", fatal=True))
        if not isinstance(self.package, dict):
            rule = "GS010-PJ-PARSE" if "package.json" in self.files else "GS010-PJ-REQ"
            sentence = "package.json file can be parsed and is present"
            found.append(_finding(rule, sentence, "package.json", "Missing or unreadable"))
        return found

    def warnings(self) -> list[dict]:
        keywords = self.package.get("keywords", []) if isinstance(self.package, dict) else []
        if "ghost-theme" in keywords:
            return []
        sentence = 'package.json property "keywords" should contain "ghost-theme"'
        finding = _finding("GS010-PJ-KEYWORDS", sentence, "package.json", "Missing keyword")
        return [finding | {"level": "warning"}]

    def zipped(self) -> bytes:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for path, content in sorted(self.files.items()):
                archive.writestr(zipfile.ZipInfo(path), content)
        return packed.getvalue()


def uploaded(upload: Upload | None) -> Theme:
    """The theme in an upload. Raises GhostError, as Ghost refuses it."""
    if upload is None:
        raise GhostError("ValidationError", "Please select a theme.")
    is_zip = upload.name.lower().endswith(".zip") and upload.content_type in CONTENT_TYPES
    if not is_zip:
        raise GhostError("UnsupportedMediaTypeError", "Please select a valid zip file.")
    name = re.sub(r"[^\w@.]", "-", upload.name.split(".zip")[0])
    if name in OVERRIDABLE_NOT:
        words = "Please rename your zip, it's not allowed to override the default theme(s)."
        raise GhostError("ValidationError", CANNOT_SAVE, words)
    theme = Theme(name, _root(_unpacked(upload.content)))
    check(theme)
    return theme


def check(theme: Theme) -> None:
    """Raises GhostError for a theme that cannot be used."""
    errors = theme.errors()
    if not any(error["fatal"] for error in errors):
        return
    raise GhostError(
        "ThemeValidationError",
        f'Theme "{theme.name}" is not compatible or contains errors.',
        details={
            "checkedVersion": "6.x",
            "name": theme.name,
            "path": f"content/themes/{theme.name}",
            "version": theme.version,
            "errors": errors,
            "warnings": theme.warnings(),
        },
    )


def _unpacked(content: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            for entry in entries:
                _check_entry(entry)
            if sum(entry.file_size for entry in entries) > TOTAL_BYTES_MAX:
                raise GhostError("RequestEntityTooLargeError", "Zip file is too large.")
            return {entry.filename: archive.read(entry) for entry in entries}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError):
        raise GhostError(
            "ValidationError",
            CANNOT_SAVE,
            "Failed to read zip file",
            help="Your zip file might be corrupted, try unzipping and zipping again.",
        ) from None


def _check_entry(entry: zipfile.ZipInfo) -> None:
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise GhostError(
            "UnsupportedMediaTypeError",
            "Symlinks are not allowed in the zip folder.",
            code="SYMLINK_NOT_ALLOWED",
        )
    if any(len(part.encode()) > NAME_BYTES_MAX for part in entry.filename.split("/")):
        raise GhostError(
            "UnsupportedMediaTypeError", "File name is too long.", code="FILENAME_TOO_LONG"
        )
    if entry.file_size > FILE_BYTES_MAX:
        raise GhostError("RequestEntityTooLargeError", "Zip file is too large.")


def _root(files: dict[str, bytes]) -> dict[str, bytes]:
    """The folder of the first index.hbs; the rest of the zip is thrown away."""
    index = next((path for path in sorted(files) if path.split("/")[-1] == "index.hbs"), None)
    if index is None:
        folders = {path.partition("/")[0] for path in files}
        prefix = f"{folders.pop()}/" if len(folders) == 1 and "/" in next(iter(files)) else ""
    else:
        prefix = index.removesuffix("index.hbs")
    inside = {p.removeprefix(prefix): c for p, c in files.items() if p.startswith(prefix)}
    return {path: content for path, content in inside.items() if path}


def _finding(rule: str, sentence: str, file: str, why: str, fatal: bool = False) -> dict:
    return {
        "fatal": fatal,
        "level": "error",
        "rule": sentence,
        "details": f"{sentence}.",
        "code": rule,
        "failures": [{"ref": file, "message": why}],
    }


def made(name: str, version: str, extra: dict[str, bytes] | None = None) -> Theme:
    """A whole small theme, made up."""
    package = {
        "name": name,
        "version": version,
        "description": "A theme for a small blog",
        "keywords": ["ghost-theme"],
        "author": {"name": "Example", "email": "themes@example.com"},
        "config": {"posts_per_page": 12},
    }
    page = '<main class="{kind}">{{{{#foreach posts}}}}{{{{title}}}}{{{{/foreach}}}}</main>\n'
    files = {
        "package.json": json.dumps(package, indent=2).encode() + b"\n",
        "default.hbs": b"<!DOCTYPE html>\n<html>{{ghost_head}}{{{body}}}{{ghost_foot}}</html>\n",
        "index.hbs": page.format(kind="index").encode(),
        "post.hbs": b'{{#post}}<article class="post">{{content}}</article>{{/post}}\n',
        "assets/css/screen.css": b"main { max-width: 40rem; margin: 0 auto; }\n",
        "locales/en.json": b'{"Subscribe": "Subscribe"}\n',
    }
    return Theme(name, files | (extra or {}))


def release(version: str) -> Theme:
    """The site's own theme, as its repository has it in that version."""
    style = {"assets/css/screen.css": b"main { max-width: 44rem; margin: 0 auto; }\n"}
    footer = {"footer.hbs": b"<footer>{{@site.title}}</footer>\n"}
    extra = {"1.3.0": style, "1.4.0": style | footer}.get(version, {})
    return made(NAME, version, extra)
