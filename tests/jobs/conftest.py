"""A site to fetch from, as for the tests of fetching; nothing else is connected to."""

from tests.fetching.conftest import connected, living, port, resolve, site

__all__ = ["connected", "living", "port", "resolve", "site"]
