"""The colours of the stylesheet, as they are written there: text can be read in both schemes."""

import pathlib
import re

import pytest

STYLE = pathlib.Path(__file__).parents[2] / "Public" / "caretaker.css"
TOKEN = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)")
COLOURS = {name: (light, dark) for name, light, dark in TOKEN.findall(STYLE.read_text())}

GROUNDS = ["ground", "surface", "sunken"]
TONES = ["good", "attention", "danger", "unknown"]
TEXTS = [
    *[(text, ground) for text in ("ink", "muted", "accent", *TONES) for ground in GROUNDS],
    *[(text, f"{tone}-soft") for tone in TONES for text in (tone, "ink", "muted")],
    *[(text, "accent-soft") for text in ("accent-strong", "ink")],
    ("accent-strong", "surface"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
]


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear))


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("text,ground", TEXTS, ids=["-on-".join(pair) for pair in TEXTS])
def test_text_can_be_read(text, ground, scheme):
    assert contrast(COLOURS[text][scheme], COLOURS[ground][scheme]) >= 4.5


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS[:2])
def test_the_borders_of_controls_can_be_seen(ground, scheme):
    assert contrast(COLOURS["edge"][scheme], COLOURS[ground][scheme]) >= 3
