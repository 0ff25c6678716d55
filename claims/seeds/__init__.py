"""The demonstration desk of `seeds/`, brought in through the actions, so that its history is real."""

from claims.seeds.load import load
from claims.seeds.records import Desk, SeedError

__all__ = ["Desk", "SeedError", "load"]
