"""What a guard is: a trigger that refuses a write."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Guard:
    """A trigger before `event` on `table` that refuses with `message` when `condition` holds (always, if empty).

    `only` names the database that needs it; both do, when empty.
    """

    name: str
    table: str
    event: str
    message: str
    condition: str = ""
    only: str = ""


def differs(column: str) -> str:
    return f"NEW.{column} IS DISTINCT FROM OLD.{column}"
