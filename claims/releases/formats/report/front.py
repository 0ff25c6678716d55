"""What stands before and after the claims of a report, as HTML. Pure."""

from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256

from claims.choices import Finding
from claims.exports.records import VerdictRecord
from claims.releases.content import Header
from claims.releases.formats.report.marks import bar, drawn, place_of
from claims.releases.formats.report.words import bdi, html, label, lines, link, moment, plural, visible

Counts = dict[str, tuple[VerdictRecord | None, int]]
"""By the key of a verdict: the verdict, and how many claims have it."""


def opening_of(header: Header, sheet: str) -> str:
    """From the doctype to the start of the body. The policy lets nothing be loaded or run, whatever a text holds."""
    style = f"{sheet}{_running_heads(header)}"
    digest = b64encode(sha256(style.encode()).digest()).decode()
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{digest}'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f'<meta name="author" content="{html(header["desk"]["name"])}">\n'
        f'<meta name="dcterms.created" content="{html(header["as_of"][:19])}Z">\n'
        f"<title>{html(titled(header))}</title>\n<style>{style}</style>\n</head>\n<body>\n"
        '<a class="skip" href="#claims">To the claims</a>\n'
    )


def titled(header: Header) -> str:
    return f"{header['title']}, release {header['number']}"


def _running_heads(header: Header) -> str:
    """What each printed page says of itself; every character but letters and digits escaped, so that none ends it."""
    said = css_string(titled(header)[:90])
    desk = css_string(header["desk"]["name"][:60])
    return (
        f"\n@page{{@top-left{{content:{said}}}@top-right{{content:{desk}}}"
        '@bottom-right{content:counter(page) " / " counter(pages)}'
        f"@bottom-left{{content:{css_string('As of ' + header['as_of'][:16].replace('T', ' ') + ' UTC')}}}}}\n"
    )


def css_string(text: str) -> str:
    safe = (char if char.isascii() and char.isalnum() else f"\\{ord(char):06x}" for char in visible(text))
    return '"' + "".join(safe) + '"'


def summary(header: Header, counts: Counts, notes: list[str]) -> Iterator[str]:
    """Title, who, when, under which licence, and how the claims came out. `notes` are HTML."""
    desk = link(header["desk"]["url"], bdi(header["desk"]["name"]))
    yield f'<header class="title"><p class="about">{desk} · release {header["number"]}</p>\n'
    yield f'<h1 dir="auto">{html(header["title"])}</h1>\n'
    yield f"<p>{plural(header['claims'], 'verified claim')}, as of {moment(header['as_of'])}.</p></header>\n"
    yield '<main>\n<section aria-labelledby="summary"><h2 id="summary">Summary</h2>\n'
    if header["description"]:
        yield f'<p class="lead" dir="auto">{lines(header["description"])}</p>\n'
    yield from _tally(counts)
    yield from _facts(header)
    yield from (f"<p>{note}</p>\n" for note in notes)
    yield "</section>\n"


def _tally(counts: Counts) -> Iterator[str]:
    most = max((count for _, count in counts.values()), default=0)
    yield '<table class="tally"><caption>Claims by verdict</caption><thead><tr><th scope="col">Verdict</th>'
    yield '<th scope="col">Claims</th><td></td></tr></thead><tbody>\n'
    for _, (verdict, count) in sorted(counts.items(), key=lambda found: (place_of(found[1][0]), found[0])):
        yield f'<tr><th scope="row">{drawn(verdict)}</th><td class="number">{count:,}</td>'
        yield f"<td>{bar(verdict, count, most)}</td></tr>\n"
    yield "</tbody></table>\n"


def _facts(header: Header) -> Iterator[str]:
    left = len(header["left_out"])
    out = f'<a href="#left-out">{plural(left, "claim")}</a>, with the reasons' if left else "No claims"
    before = header["previous"]
    facts = {
        "Licence": bdi(header["licence"]) if header["licence"] else "None was named",
        "As of": moment(header["as_of"]),
        "Made by": bdi(header["desk"]["name"]),
        "Left out": out,
        "Release before": f"{html(before['name'])}, as of {moment(before['as_of'])}" if before else "None",
        "Histories": f"<code>{html(header['head'])}</code>",
    }
    yield '<dl class="about-it">'
    yield from (f"<div><dt>{name}</dt><dd>{said}</dd></div>" for name, said in facts.items())
    yield "</dl>\n<p>Each verdict was proposed by one person and approved by another.</p>\n"


def left_out(header: Header) -> Iterator[str]:
    """The claims of the set that are not in the release, and why."""
    if not header["left_out"]:
        return
    yield '<section aria-labelledby="left-out"><h2 id="left-out">Left out</h2>\n'
    yield f"<p>{plural(len(header['left_out']), 'claim')} of the set, not in this release:</p>\n<ul>\n"
    for one in header["left_out"]:
        found = "; ".join(label(Finding, finding) for finding in one["findings"])
        yield (
            f'<li><b>{html(one["reference"])}</b>: {found}. <span dir="auto">{lines(one["reason"])}</span> '
            f"Left out by {bdi(one['by'])}, {moment(one['at'])}.</li>\n"
        )
    yield "</ul></section>\n"


def checking(header: Header) -> Iterator[str]:
    """How a reader finds out whether this is what the desk signed."""
    name, desk = html(header["name"]), bdi(header["desk"]["name"])
    yield '<section aria-labelledby="check"><h2 id="check">How to check this release</h2>\n'
    yield (
        f"<p>This report is one file of <code>{name}.zip</code>. The sums of its files are signed. "
        "Any of three ways tells whether a byte was changed:</p>\n<ol>\n"
    )
    yield from (f"<li><p>{way}:</p><pre><code>{html(command)}</code></pre></li>\n" for way, command in _ways(header))
    yield (
        f"</ol>\n<p>KEY is the public key of {desk}. The one that signed is in the ZIP, as <code>minisign.pub</code>; "
        "whether it is the desk’s own is known by comparing it with the key that the desk publishes elsewhere"
        f"{_where(header)}.</p></section>\n"
    )


def _ways(header: Header) -> Iterator[tuple[str, str]]:
    name = header["name"]
    yield (
        "With Python 3.8 or later and without a network, beside the ZIP and the <code>verify.py</code> out of it",
        f"python3 verify.py {name}.zip --key KEY",
    )
    yield (
        "With minisign and sha256sum, in the folder where the ZIP was unpacked",
        "minisign -Vm SHA256SUMS -P KEY\nsha256sum -c SHA256SUMS",
    )
    yield "At a desk that runs Claim Workbench", f"manage.py verify_release {name}.zip"


def _where(header: Header) -> str:
    address = link(header["desk"]["url"], html(header["desk"]["url"]))
    return f", at {address}" if address else ""
