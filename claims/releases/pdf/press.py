"""Run in a process of its own: python press.py PAGE.html PAGE.pdf IDENTIFIER."""

import sys
from pathlib import Path
from typing import Any, NoReturn

from weasyprint import CSS, HTML
from weasyprint.urls import URLFetcher

SHEET = Path(__file__).with_name("paper.css")


class Nothing(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
    """A page is one file: whatever it asks for besides, it does not get."""

    def fetch(self, url: str, headers: Any = None) -> NoReturn:
        raise ValueError(f"Nothing is fetched: {url[:80]}")


def main(source: str, target: str, identifier: str) -> None:
    page = HTML(string=Path(source).read_text(encoding="utf-8"), url_fetcher=Nothing(), base_url=None)
    sheet = CSS(string=SHEET.read_text(encoding="utf-8"), url_fetcher=Nothing())
    page.write_pdf(target, stylesheets=[sheet], pdf_variant="pdf/ua-1", pdf_identifier=identifier.encode("ascii"))


if __name__ == "__main__":
    main(*sys.argv[1:])
