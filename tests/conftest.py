"""Fixtures of every test: one person per role, and a database whose guards step aside for clean-up only."""

import gc
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from claims import guards
from claims.choices import Role
from claims.models import User
from tests import factories


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Thousands of tests live until the end: to look for garbage among them each time took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(autouse=True, scope="session")
def _clean_up_past_the_guards(django_db_setup: None) -> Iterator[None]:
    """Tests that commit are cleaned up by emptying all tables, which the guards would refuse."""
    operations = type(connection.ops)
    original = operations.sql_flush

    def sql_flush(self: object, *args: object, **kwargs: object) -> list[str]:
        dropped = [sql for guard in guards.GUARDS for sql in guards.drop_sql(connection, guard)]
        return [*dropped, *original(self, *args, **kwargs)]

    operations.sql_flush = sql_flush
    yield
    operations.sql_flush = original


@pytest.fixture(autouse=True, scope="session")
def _releases_of_this_run(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Files of releases go where nobody else's are, and are gone some runs later."""
    settings.RELEASES_DIR = tmp_path_factory.mktemp("releases")


@pytest.fixture
def reader(db: None) -> User:
    return factories.user("reader", Role.READER)


@pytest.fixture
def analyst(db: None) -> User:
    return factories.user("analyst", Role.ANALYST)


@pytest.fixture
def reviewer(db: None) -> User:
    return factories.user("reviewer", Role.REVIEWER)


@pytest.fixture
def admin(db: None) -> User:
    return factories.user("admin", Role.ADMIN)


@pytest.fixture
def signed_in(client: Client) -> Callable[[User], Client]:
    """The test client, signed in as this person."""

    def sign_in(user: User) -> Client:
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in
