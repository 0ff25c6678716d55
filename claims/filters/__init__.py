"""Filters in addresses: read once, used by the list, exports, claim sets and commands."""

from claims.filters.claim_filter import BESIDE, LABELS, ClaimFilter
from claims.filters.reading import Problem

__all__ = ["BESIDE", "LABELS", "ClaimFilter", "Problem"]
