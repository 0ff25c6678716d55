"""The public keys by which this desk knows a release: its own, also those that it no longer signs with."""

from django.conf import settings

from claims.models import SigningKey
from claims.releases.signing import public_key
from claims.releases.verification import KnownKey


def known_keys() -> list[KnownKey]:
    """Every key that this desk ever signed with, the newest first."""
    return [
        KnownKey(public_key(row.public_key), settings.DESK_NAME, row.retired_at)
        for row in SigningKey.objects.order_by("-pk")
    ]
