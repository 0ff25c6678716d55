"""Fetching pages: the one door through which this product asks other machines for anything.

    >>> fetched = fetch("https://example.org/report")
    >>> fetched.final_url, fetched.content_type, len(fetched.body)

Whoever may paste an address could otherwise make the server call its own network. Addresses are therefore checked
where they are connected to, after the name has been looked up, and anew after each redirect.
"""

from claims.fetching.fetch import HEADERS, Fetched, fetch
from claims.fetching.problems import FetchError, Hop, Kind
from claims.fetching.settings import Admitted, Limits

__all__ = ["HEADERS", "Admitted", "FetchError", "Fetched", "Hop", "Kind", "Limits", "fetch"]
