"""What services need of the servers is made, can be made again, and is refused where it differs."""

import json
import stat
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from stack.databases import SERVICES
from stack.environment import Whereabouts
from stack.errors import StackError
from stack.keys import Keys
from stack.places import checkout
from stack.stack import service_environment, settings_of_checkout
from stack.testing import Kafka, Postgres
from stack.topics import Topic, declared, provision

DECLARED = declared(checkout() / "deploy" / "topics.json")


async def test_databases_and_roles_can_be_made_again_and_lose_nothing(postgres: Postgres) -> None:
    for _ in range(2):
        await postgres.databases.make("made_twice")
        connection = await asyncpg.connect(postgres.databases.urls("made_twice").owner)
        await connection.execute("create table if not exists kept (what text)")
        await connection.execute("insert into kept values ('row')")
        rows = await connection.fetchval("select count(*) from kept")
        await connection.close()
    assert rows == 2


async def test_the_keyring_admits_the_vault_of_each_service_and_no_service(
    postgres: Postgres,
) -> None:
    await postgres.databases.make("not_a_vault")
    await postgres.create_keyring(["alpha", "beta"], "keys_of_two")
    for role in ("alpha_vault", "beta_vault"):
        connection = await asyncpg.connect(postgres.dsn("keys_of_two", role))
        await connection.close()
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await asyncpg.connect(postgres.dsn("keys_of_two", "not_a_vault_worker"))


async def test_the_keyring_has_its_tables(postgres: Postgres) -> None:
    owner = await postgres.create_vault("keys_with_tables")
    connection = await asyncpg.connect(owner)
    assert await connection.fetchval("select to_regclass('keyring.data_keys')")
    await connection.close()


async def test_a_services_database_has_the_ledgers_tables(postgres: Postgres) -> None:
    urls = await postgres.create_database("with_tables")
    connection = await asyncpg.connect(urls.owner)
    assert await connection.fetchval("select to_regclass('es.events')")
    await connection.close()


async def test_a_name_that_is_none_is_refused(postgres: Postgres) -> None:
    with pytest.raises(StackError, match="is no name for a database or role"):
        await postgres.databases.make('x"; drop role postgres; --')


async def test_the_declared_topics_keep_everything_and_can_be_made_again(kafka: Kafka) -> None:
    await provision(kafka.bootstrap, DECLARED)
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    await admin.start()
    asked = [ConfigResource(ConfigResourceType.TOPIC, each.name) for each in DECLARED]
    answers = await admin.describe_configs(asked)
    found = await admin.describe_topics([each.name for each in DECLARED])
    await admin.close()
    for resource in (each for answer in answers for each in answer.resources):
        config = {entry[0]: entry[1] for entry in resource[4]}
        assert (config["retention.ms"], config["cleanup.policy"]) == ("-1", "delete")
    assert {each["topic"]: len(each["partitions"]) for each in found} == {
        f"throughline.{service}.v1": 6 for service in SERVICES
    }


async def test_a_topic_with_other_partitions_is_refused(kafka: Kafka) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic("made.by.hand", 1, 1)])
    with pytest.raises(StackError, match=r"made.by.hand has 1 partitions, 3 are declared"):
        await provision(kafka.bootstrap, [Topic("made.by.hand", 3, {})])
    await admin.delete_topics(["made.by.hand"])
    await admin.close()


async def test_nobody_makes_a_topic_by_naming_it(kafka: Kafka) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    await admin.start()
    await admin.describe_topics(["never.declared"])
    assert "never.declared" not in await admin.list_topics()
    await admin.close()


def test_a_file_that_declares_no_topics_is_said(tmp_path: Path) -> None:
    wrong = tmp_path / "topics.json"
    wrong.write_text(json.dumps({"topics": [{"name": "x"}]}))
    with pytest.raises(StackError, match="does not declare topics as it should"):
        declared(wrong)


def test_keys_are_made_once_and_are_private(tmp_path: Path) -> None:
    keys = Keys(tmp_path / "keys")
    keys.make(["casework"])
    files = sorted(file for file in keys.folder.rglob("*") if file.is_file())
    before = [file.read_bytes() for file in files]
    keys.make(["casework"])
    assert [file.read_bytes() for file in files] == before
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert len(bytes.fromhex(keys.root.read_text())) == 32
    signing = load_pem_private_key(keys.checkpoint("casework").read_bytes(), None)
    assert isinstance(signing, Ed25519PrivateKey)
    issuing = load_pem_private_key(keys.issuer.read_bytes(), None)
    assert isinstance(issuing, EllipticCurvePrivateKey)
    assert issuing.curve.name == "secp256r1"


def test_a_service_is_told_all_it_must_know() -> None:
    told = service_environment("casework")
    assert all(name.startswith("THROUGHLINE_") for name in told)
    assert told["THROUGHLINE_DATABASE_HANDLER"].startswith("postgresql://casework_handler:")
    assert "/keyring" in told["THROUGHLINE_KEYRING"]
    assert set(json.loads(told["THROUGHLINE_PEERS"])) == set(SERVICES)
    assert told["THROUGHLINE_LISTEN"] == json.loads(told["THROUGHLINE_PEERS"])["casework"]
    assert "THROUGHLINE_TRACES_FILE" in told
    assert Path(told["THROUGHLINE_DIRECTORY_FILE"]).is_file()


def test_passwords_do_not_show(postgres: Postgres) -> None:
    password = postgres.databases.passwords.of("casework_owner")
    shown = [repr(postgres), repr(postgres.databases.urls("casework")), repr(Whereabouts)]
    assert not [words for words in shown if password in words]
    assert replace(settings_of_checkout(), room_bytes=1).room_bytes == 1
