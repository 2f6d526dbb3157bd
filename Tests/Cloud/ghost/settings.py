"""Ghost's settings: those a caller sees, and those it may change.

settings-bread-service.js and the serializer input/settings.js of TryGhost/Ghost
"""

import json

from . import themes
from .errors import GhostError

DOMAIN = "blog.example.com"
DEFAULTS = {
    "title": "Ghost blog",
    "description": "Thoughts, stories and ideas.",
    "logo": None,
    "icon": None,
    "accent_color": "#FF1A75",
    "locale": "en",
    "timezone": "Etc/UTC",
    "active_theme": themes.NAME,
    "is_private": False,
    "password": "",
    "members_signup_access": "all",
    "members_support_address": "noreply",
    "portal_button": True,
    "portal_name": True,
    "portal_plans": '["free"]',
    "portal_default_plan": "yearly",
    "portal_button_style": "icon-and-text",
    "portal_button_icon": None,
    "portal_button_signup_text": "Subscribe",
    "portal_signup_terms_html": None,
    "portal_signup_checkbox_required": False,
    "require_email_mfa": False,
    "comments_enabled": "off",
    "mailgun_domain": None,
    "mailgun_api_key": None,
    "mailgun_base_url": None,
    "email_track_opens": True,
    "email_track_clicks": True,
    "codeinjection_head": None,
    "codeinjection_foot": None,
    "labs": "{}",
}
# May be changed in newer versions, but this site's database has no row of that name.
ABSENT = {"blocked_email_domains", "announcement_content"}
NOT_EDITABLE = {"active_theme"}
SECRET = {"mailgun_api_key"}
HIDDEN = "••••••••"
CHOICES = {
    "members_signup_access": ("all", "invite", "none"),
    "comments_enabled": ("off", "all", "paid"),
    "portal_button_style": ("text-only", "icon-and-text", "icon-only"),
}


class Settings:
    """The rows of the settings table; the site's own address decides the rest."""

    def __init__(self):
        self.values = dict(DEFAULTS)

    def change(self, changes: dict) -> None:
        """By control: any known setting, active_theme too. Raises ValueError."""
        unknown = set(changes) - set(DEFAULTS)
        if unknown:
            raise ValueError(f"no settings {sorted(unknown)}")
        self.values |= changes

    def browse(self, mail_from: str) -> list[dict]:
        shown = {name: _shown(name, value) for name, value in self.values.items()}
        shown |= self._computed(mail_from)
        return [{"key": name, "value": value} for name, value in shown.items()]

    def edit(self, body: dict, dropped: str = "") -> list[str]:
        """What a caller asks for; what it may not change is dropped without a word.

        Returns the names of what changed. Raises GhostError.
        """
        rows = body.get("settings")
        if not isinstance(rows, list):
            raise GhostError("BadRequestError", "No root key ('settings') provided.")
        editable = (set(DEFAULTS) | ABSENT) - NOT_EDITABLE - {dropped}
        wanted = {row.get("key"): row.get("value") for row in rows if row.get("key") in editable}
        for name in wanted:
            if name in ABSENT:
                raise GhostError(
                    "NotFoundError",
                    "Resource not found error, cannot edit setting.",
                    f"Problem finding setting: {name}",
                )
        changes = {name: _typed(name, value) for name, value in wanted.items()}
        changed = [name for name, value in changes.items() if self.values[name] != value]
        self.values |= changes
        return changed

    def _computed(self, mail_from: str) -> dict:
        access = self.values["members_signup_access"]
        default = mail_from or f"noreply@{DOMAIN}"
        support = self.values["members_support_address"]
        if support == "noreply":
            support = f"noreply@{default.rpartition('@')[2]}"
        return {
            "members_enabled": access != "none",
            "members_invite_only": access == "invite",
            "allow_self_signup": access == "all",
            "paid_members_enabled": False,
            "default_email_address": default,
            "support_email_address": support or default,
        }


def _shown(name: str, value):
    return HIDDEN if name in SECRET and value else value


def _typed(name: str, value):
    if isinstance(DEFAULTS[name], bool):
        value = {"true": True, "false": False}.get(value, value)
        is_right = isinstance(value, bool)
    elif name in CHOICES:
        is_right = value in CHOICES[name]
    else:
        value = json.dumps(value) if isinstance(value, (list, dict)) else value
        is_right = value is None or isinstance(value, str)
    if not is_right:
        raise GhostError(
            "ValidationError",
            "Validation error, cannot edit setting.",
            f"Validation (isIn) failed for {name}",
        )
    return value
