"""A lesson's prose as HTML: the Markdown that Discord reads, and nothing beyond."""

from functools import cache

from markdown_it import MarkdownIt
from markupsafe import Markup


def as_html(text: str) -> Markup:
    """Return paragraphs. Tags in the text stay text; nothing in it can ask the network."""
    return Markup(_reader().render(text.strip()))  # markdown-it escapes all tags


def as_inline(text: str) -> Markup:
    """Return one line, without a paragraph around it."""
    return Markup(_reader().renderInline(" ".join(text.split())))


@cache
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "breaks": True})
    return reader.disable(["image", "link", "autolink", "reference", "heading", "lheading"])
