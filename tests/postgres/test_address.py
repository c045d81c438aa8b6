"""Addresses of servers, as people write them and as programs need them."""

import pytest

from counterfoil.postgres.address import APP, BadAddress, ServerAddress, read_address
from tests.postgres.databases import TestDatabase


def test_a_whole_address_is_read() -> None:
    address = read_address("postgresql://an%40na:se%2Fcret@db.example:6543/life?sslmode=verify-full")
    assert address == ServerAddress(
        host="db.example",
        port=6543,
        user="an@na",
        password="se/cret",
        database="life",
        options=(("sslmode", "verify-full"),),
    )


def test_what_is_not_said_has_a_default() -> None:
    assert read_address("postgres://db") == ServerAddress(
        host="db", port=5432, user="postgres", database="counterfoil"
    )


def test_a_socket_folder_keeps_its_case() -> None:
    assert read_address("postgresql://postgres@%2Fvar%2FRun:5433/life").host == "/var/Run"
    assert read_address("postgresql:///life?host=/var/Run").host == "/var/Run"


def test_another_database_system_is_refused() -> None:
    with pytest.raises(BadAddress):
        read_address("mysql://db/life")


def test_another_role_keeps_server_database_and_password() -> None:
    address = read_address("postgresql://postgres:secret@db/life").as_role(APP)
    assert (address.user, address.password, address.database) == (APP, "secret", "life")


def test_the_url_of_a_test_database_leads_back_to_it() -> None:
    admin = ServerAddress(host="/a b/C", port=5432, user="postgres", password="p@:/", database="one")
    assert read_address(TestDatabase("one", admin).url) == admin
