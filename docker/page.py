"""The portal's Resources page read back into the rows that it was printed of."""

import html
import re


def pattern(text: str) -> re.Pattern:
    """What finds a part of a page: … stands for anything, and what is in [ ] may be missing."""
    text = re.escape(text).replace("…", ".*?").replace(r"\[", "(?:").replace(r"\]", ")?")
    return re.compile(re.sub(r"\\{\\{(\w+)\\}\\}", r'(?P<\1>[^<"]*)', text), re.DOTALL)


TAG = '<span class="tag {{tone}}">…#{{icon}}"/></svg>{{word}}</span>'
WHEN = '<time datetime="{{iso}}" title="{{absolute}}">{{relative}}</time>'
STANDING = pattern(
    '<p class="state">{{state}}</p>…<caption><h2>{{stack}}</h2> <span class="muted">{{region}}<'
)
FOLDED = pattern("<summary>{{words}}</summary>")
RESOURCE = pattern(
    f'<th scope="row"><a href="{{{{path}}}}">{{{{label}}}}</a></th>…{TAG}'
    '…<svg class="beats" viewBox="{{beatsBox}}"…half-hours: {{beatsWords}}">…</svg>'
    "…<span>{{known}}[ <b>Last try failed:</b> {{failure}}]</span></td>"
    f'…<span title="{{{{source}}}}">{{{{reader}}}}[, {WHEN}]{{{{stale}}}}</span>'
)
BAR = pattern(
    '<rect class="{{tone}}" x="{{x}}"…width="{{width}}"…<title>{{word}}, {{from}} to {{until}}</title>'
)
HEAD = pattern(
    '<th scope="col"[ aria-sort="{{order}}"]>[<a href="{{href}}">]{{label}}['
    '<span aria-hidden="true"> {{arrow}}</span>][</a>]</th>'
)
FINDING = pattern(
    f'<li class="finding …{TAG}…<a href="{{{{path}}}}">{{{{state}}}}</a></h3>'
    '\n<p>{{why}} {{remedy}}</p>\n<p class="actions">\n'
    '[<a class="button" href="{{mendPath}}">Preview the change that mends it</a>\n]'
    '<span class="muted"><a href="{{subjectPath}}">{{subject}}</a>, read from {{reader}}, so since '
    f"{WHEN}</span>"
)
MET = pattern(
    f'<li>{TAG}…<a href="{{{{path}}}}">{{{{expectation}}}}</a>: {{{{state}}}} '
    '<span class="muted">{{subject}}</span></span></li>'
)


def tables(page: str) -> dict[str, list[dict]]:
    """What the page shows, by the names of its templates; what stands around it is text."""
    begin, end = page.index("<main"), page.index("</main>\n") + len("</main>\n")
    main = lines(page[begin:end])
    resources = list(RESOURCE.finditer(main))
    bars = [{"resource": n} | texts(b) for n, r in enumerate(resources) for b in BAR.finditer(r[0])]
    standing = texts(STANDING.search(main)) | {"before": page[:begin], "after": page[end:]}
    unfolded, *folded = re.split("(?=<details>)", main)
    findings = [{"list": "findings"} | texts(f) for f in FINDING.finditer(unfolded)]
    findings += [{"list": "heads"} | texts(h) for h in HEAD.finditer(main)]
    for part in folded:
        name, row = ("met", MET) if "met</summary>" in part else ("unread", FINDING)
        words = texts(FOLDED.search(part))["words"]
        standing |= {f"any{name.title()}": "yes", f"{name}Words": words}
        findings += [{"list": name} | texts(f) for f in row.finditer(part)]
    return {
        "page": [standing | {"anyFinding": "yes"}],
        "resources": [with_sections(texts(r)) for r in resources],
        "bars": bars,
        "findings": [with_sections(f) for f in findings],
    }


def lines(page: str) -> str:
    """A page without what indents its lines."""
    return re.sub(r"\s*\n\s*", "\n", page)


def texts(found: re.Match) -> dict[str, str | None]:
    """The fields of a part of a page; what is empty is NULL."""
    return {name: html.unescape(text or "") or None for name, text in found.groupdict().items()}


def with_sections(fields: dict[str, str | None]) -> dict[str, str | None]:
    """What opens the sections of a row whose fields stand in the row itself."""
    when, mends = fields.get("iso"), fields.get("mendPath")
    return fields | {"tag": "yes", "beats": "yes", "when": when, "mends": mends}


def comparable(page: bytes) -> str:
    """A page without white space, and without the versions in names of files."""
    return re.sub(r"\s+", "", re.sub(r"icons\.\w+\.svg", "icons.svg", page.decode()))
