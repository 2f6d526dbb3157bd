"""Themes: a version comes in, is checked, compared, deployed, rolled back to, and put back after the
task it was on is gone."""

import io
import json
import zipfile

import portal as portal_process
import pytest
from browser import LOOKS, WIDE, is_sound

NAME = "ghost-blog-theme"


@pytest.fixture(scope="module")
def portal(cloud, blog, github, tmp_path_factory):
    """With keys for Ghost and a token for GitHub."""
    folder = tmp_path_factory.mktemp("portal")
    with portal_process.running(folder, cloud.url, blog=blog, github=github) as started:
        yield started


@pytest.fixture(scope="module", autouse=True)
def read(ana):
    """Every test finds Ghost read."""
    ana.reload_until("/themes", f"{NAME} 1.4.0 is active.")


def _packed(folder, version: str, style: str, **files: str) -> str:
    """A theme as somebody packs it, wrapped in a folder and with what macOS adds."""
    content = {
        "package.json": json.dumps({"name": NAME, "version": version}, indent=2),
        "default.hbs": "<!DOCTYPE html>\n<html>{{ghost_head}}{{{body}}}{{ghost_foot}}</html>\n",
        "index.hbs": "<main>{{#foreach posts}}{{title}}{{/foreach}}</main>\n",
        "post.hbs": "{{#post}}<article>{{content}}</article>{{/post}}\n",
        "assets/css/screen.css": style,
    } | files
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in content.items():
            archive.writestr(f"{NAME}/{path}", text)
        archive.writestr(f"__MACOSX/{NAME}/._index.hbs", "x")
    path = folder / f"{version}.zip"
    path.write_bytes(packed.getvalue())
    return str(path)


def _send(window, path: str) -> None:
    window.open("/themes")
    window.find("#theme").send_keys(path)
    window.press("form[enctype] button")


def _deploy(window, approver, reason: str) -> str:
    """From the preview on; the path of the change."""
    change = window.propose(reason)
    approver.approve(change)
    window.run(change)
    window.wait_for("Done, and seen to be done.")
    return change


def test_what_is_no_theme_is_told_and_nothing_is_kept(ana, tmp_path):
    path = tmp_path / "notes.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("notes.txt", "x")
    _send(ana, str(path))
    assert "There is no index.hbs in the theme." in ana.text("[role='alert']")
    assert "The library is empty" in ana.text()
    is_sound(ana)
    ana.screenshot("themes-refused")
    assert all("422" in error for error in ana.errors())


def test_a_version_is_sent_checked_compared_deployed_and_kept_before(ana, ben, blog, tmp_path):
    _send(ana, _packed(tmp_path, "1.5.0", "main { max-width: 48rem; }\n"))
    assert "It is in the library. Nothing was sent to Ghost." in ana.text(".flash")
    text = ana.text()
    assert f"wrapped in the folder {NAME}/" in text
    assert f"{NAME} is the active theme's name." in text
    assert "Left out of the archive" in text
    ana.press("header.page a.button")
    ana.wait_for("Send ghost-blog-theme 1.5.0 to Ghost")
    assert "Keep what Ghost has now of ghost-blog-theme in the library" in ana.text()
    is_sound(ana)
    ana.screenshot("themes-preview")
    _deploy(ana, ben, "Wider columns")
    assert {"name": NAME, "version": "1.5.0", "active": True}.items() <= _live(blog).items()
    ana.reload_until("/themes", f"{NAME} 1.5.0 is active.")
    assert "kept from Ghost before it was overwritten" in ana.text("table")


def test_it_is_rolled_back_in_two_clicks(ana, ben, blog):
    ana.open("/themes")
    ana.press("tbody a[href*='theme=2']")
    ana.wait_for(f"Roll the theme back from {NAME} 1.5.0 to {NAME} 1.4.0")
    _deploy(ana, ben, "Too wide on phones")
    assert _live(blog)["version"] == "1.4.0"


def test_a_commit_is_brought_in_as_the_workflow_packs_it(ana, github):
    commits = github.post("commit", {"message": "Theme: teal", "files": {
        "theme/assets/css/screen.css": "main { color: teal; }\n",
        "theme/routes.yaml": "routes:\n",
    }})  # fmt: skip
    ana.open("/themes")
    ana.find("#commit").send_keys(commits["sha"][:10])
    ana.press("form[action='/theme-imports'] button")
    text = ana.text()
    assert f"commit {commits['sha'][:7]}" in text
    assert "assets/css/screen.css" in text
    assert "routes.yaml" not in ana.text("#difference")
    ana.find("#difference details summary").click()
    is_sound(ana)
    ana.screenshot("themes-diff")


@pytest.mark.parametrize(("width", "dark"), LOOKS)
@pytest.mark.parametrize("path", ["/themes", "/themes/3"])
def test_the_pages_are_sound(ana, width, dark, path):
    ana.emulate(width, dark)
    ana.open(path)
    for summary in ana.find_all("#difference details summary"):
        summary.click()
    is_sound(ana)
    name = "theme" if path.endswith("3") else "themes"
    ana.screenshot(f"{name}-{width}-{'dark' if dark else 'light'}")
    ana.emulate(WIDE, False)
    assert ana.errors() == []


def test_a_theme_lost_with_its_task_is_offered_again(ana, ben, blog):
    blog.post("restart", {"for_ms": 0, "keep_themes": False})
    ana.reload_until("/changes", "Re-apply the theme ghost-blog-theme 1.4.0")
    ana.open("/themes")
    ana.wait_for("is missing: readers see an error.")
    is_sound(ana)
    ana.screenshot("themes-missing")
    ana.press("header.page a.button")
    ana.wait_for("Re-apply the theme ghost-blog-theme 1.4.0")
    ana.open("/findings/site.theme")
    ana.press("p.actions a.button")
    ana.wait_for("Re-apply the theme ghost-blog-theme 1.4.0")
    assert "It is easily put back, so it needs no approval." in ana.text()
    change = ana.propose("The task was replaced")
    ana.run(change)
    ana.wait_for("Done, and seen to be done.")
    ana.reload_until("/themes", f"{NAME} 1.4.0 is active.")


def _live(blog) -> dict:
    return next(theme for theme in blog.get("themes") if theme["active"])
