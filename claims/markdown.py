"""Comments: Markdown to safe HTML, and the people they mention. Pure.

Parsed by markdown-it-py without raw HTML, then cleaned by nh3 against an allow-list: either alone would keep scripts
out. No images, which would tell their host who reads; no headings, which would upset the outline of the page.
"""

import re
import threading
import unicodedata
from collections.abc import Iterator, Mapping
from html import unescape
from types import MappingProxyType

import nh3
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

NOBODY: Mapping[str, str] = MappingProxyType({})

_TAGS = {
    *("p", "br", "hr", "em", "strong", "s", "code", "pre", "blockquote"),
    *("ul", "ol", "li", "a", "table", "thead", "tbody", "tr", "th", "td"),
}
_UNSEEN = {"\u2800", "\u3164", "\uffa0", "\u115f", "\u1160"}  # symbols and letters that have no ink
_MENTION = re.compile(r"(?<![\w@/.+-])@(\w(?:[\w.+-]*\w)?)")


def render(text: str, mentions: Mapping[str, str] = NOBODY) -> SafeString:
    """`text` as HTML that may go into a page as it is.

    `mentions` has the address of each username that becomes a link, `<a class="at" …>@name</a>`; others stay text.
    """
    html = _parser().render(text, {"mentions": mentions})
    return SafeString(
        nh3.clean(
            html,
            tags=_TAGS,
            attributes={"a": {"href", "title"}, "ol": {"start"}},
            allowed_classes={"a": {"at"}},
            url_schemes={"http", "https", "mailto"},
            link_rel="nofollow noopener noreferrer",
        )
    )


def mentioned(text: str) -> list[str]:
    """The usernames that `text` mentions as @name, each once, in order; not those in code, links or addresses."""
    found = (
        match[1]
        for block in _parser().parse(text)
        for token, is_prose in _with_prose(block.children or [])
        if is_prose
        for match in _MENTION.finditer(token.content)
    )
    return list(dict.fromkeys(found))


_of_thread = threading.local()


def _parser() -> MarkdownIt:
    """One for each thread: linkify-it keeps where it is in the text on itself, so threads cannot share it."""
    parser: MarkdownIt | None = getattr(_of_thread, "parser", None)
    if parser is None:
        parser = _of_thread.parser = _new_parser()
    return parser


def _new_parser() -> MarkdownIt:
    parser = MarkdownIt("gfm-like", {"html": False, "breaks": True})
    parser.disable(["image", "heading", "lheading"])
    if parser.linkify:
        # Without a scheme it would link "README.md" and every "e.g.this", since those are top-level domains too.
        parser.linkify.set({"fuzzy_link": False, "fuzzy_email": False})
    parser.core.ruler.push("mentions", _link_mentions)
    return parser


def _link_mentions(state: StateCore) -> None:
    addresses: Mapping[str, str] = state.env.get("mentions", NOBODY)
    for block in state.tokens if addresses else []:
        if block.children:
            block.children = [
                part
                for token, is_prose in _with_prose(block.children)
                for part in (_split_at_mentions(token, addresses) if is_prose else [token])
            ]


def _with_prose(tokens: list[Token]) -> Iterator[tuple[Token, bool]]:
    """Each inline token, and whether it is text outside links and code."""
    links = 0
    for token in tokens:
        links += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        yield token, token.type == "text" and not links


def _split_at_mentions(token: Token, addresses: Mapping[str, str]) -> Iterator[Token]:
    done = 0
    for match in _MENTION.finditer(token.content):
        if href := addresses.get(match[1]):
            yield _text(token.content[done : match.start()])
            yield Token("link_open", "a", 1, attrs={"class": "at", "href": href})
            yield _text(match[0])
            yield Token("link_close", "a", -1)
            done = match.end()
    yield _text(token.content[done:])


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def is_blank(text: str) -> bool:
    """Whether nothing can be seen of `text` once it is rendered: blanks, direction marks, entities of such."""
    shown = unescape(strip_tags(render(text)))
    return not any(unicodedata.category(char)[0] in "LNPS" and char not in _UNSEEN for char in shown)
