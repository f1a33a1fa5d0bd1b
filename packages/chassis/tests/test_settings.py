"""A wrong variable is named with what is allowed, its value is not shown, the process ends."""

import json
from pathlib import Path

import pytest

from chassis.running.settings import (
    ClockMode,
    Environment,
    MigrationSettings,
    Settings,
    WrongSettings,
    read_settings,
    settings_or_exit,
)

CANARY = "canary-7731"


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Set every variable that a service needs, all of them right."""
    file = tmp_path / "file"
    file.write_text("x")
    dsn = f"postgresql://user:{CANARY}@127.0.0.1:5432/casework"
    given = {
        "ENVIRONMENT": "test",
        "DATABASE_HANDLER": dsn,
        "DATABASE_WORKER": dsn,
        "KEYRING": dsn,
        "ROOT_KEY_FILE": str(file),
        "CHECKPOINT_KEY_FILE": str(file),
        "CHECKPOINT_DIR": str(tmp_path),
        "KAFKA": "127.0.0.1:9092",
        "LISTEN": "127.0.0.1:0",
        "ISSUER": "http://127.0.0.1:8999",
        "CLIENT_SECRET_FILE": str(file),
        "DIRECTORY_FILE": str(file),
    }
    for name, text in given.items():
        monkeypatch.setenv(f"THROUGHLINE_{name}", text)
    return monkeypatch


def lines() -> list[str]:
    with pytest.raises(WrongSettings) as raised:
        read_settings(Settings)
    return list(raised.value.lines)


def test_what_is_right_is_parsed(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("THROUGHLINE_PEERS", json.dumps({"groups": "127.0.0.1:7003"}))
    environment.setenv("THROUGHLINE_CLOCK", "simulated")
    environment.setenv("THROUGHLINE_LOG_FILE", "")
    settings = read_settings(Settings)
    assert settings.environment is Environment.TEST
    assert settings.peers == {"groups": "127.0.0.1:7003"}
    assert settings.clock is ClockMode.SIMULATED
    assert settings.log_file is None


def test_settings_show_no_password(environment: pytest.MonkeyPatch) -> None:
    assert CANARY not in repr(read_settings(Settings))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ENVIRONMENT", f"{CANARY}"),
        ("DATABASE_HANDLER", f"mysql://{CANARY}/x"),
        ("DATABASE_WORKER", f"postgresql://{CANARY}"),
        ("KEYRING", CANARY),
        ("ROOT_KEY_FILE", f"/nowhere/{CANARY}"),
        ("CLIENT_SECRET_FILE", f"/nowhere/{CANARY}"),
        ("DIRECTORY_FILE", f"/nowhere/{CANARY}"),
        ("KAFKA", f"{CANARY}"),
        ("KAFKA", f"a:1,{CANARY}"),
        ("LISTEN", f"{CANARY}:99999"),
        ("LISTEN", CANARY),
        ("ISSUER", f"ftp://{CANARY}"),
        ("ISSUER", f"https://x.test/?secret={CANARY}"),
        ("PEERS", f'{{"{CANARY}'),
        ("PEERS", f'{{"Groups!": "{CANARY}:1"}}'),
        ("PEERS", f'{{"groups": "{CANARY}"}}'),
        ("PEERS", f'["{CANARY}"]'),
        ("CLOCK", CANARY),
        ("INSTANCE", f"{CANARY} {CANARY}"),
        ("SMTP", CANARY),
        ("OTLP_ENDPOINT", CANARY),
    ],
)
def test_a_wrong_variable_is_named_and_its_value_is_not(
    environment: pytest.MonkeyPatch, name: str, text: str
) -> None:
    environment.setenv(f"THROUGHLINE_{name}", text)
    (line,) = lines()
    assert line.startswith(f"THROUGHLINE_{name} has a value that is not allowed; allowed: ")
    assert CANARY not in line


def test_every_missing_variable_has_its_line(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("THROUGHLINE_KAFKA")
    environment.setenv("THROUGHLINE_LISTEN", "")
    assert [line.split(";")[0] for line in lines()] == [
        "THROUGHLINE_KAFKA is missing",
        "THROUGHLINE_LISTEN is missing",
    ]


def test_a_slip_of_the_pen_is_found(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("THROUGHLINE_TRACE_FILE", CANARY)
    assert lines() == ["THROUGHLINE_TRACE_FILE is not known; allowed: THROUGHLINE_TRACES_FILE"]


def test_variables_of_other_programmes_are_left_alone(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("THROUGHLINE_HOME", "/x")
    read_settings(Settings)


@pytest.mark.parametrize(
    ("name", "text"), [("CLOCK", "simulated"), ("ISSUER", "http://issuer.example")]
)
def test_in_production_what_is_for_demo_alone_is_refused(
    environment: pytest.MonkeyPatch, name: str, text: str
) -> None:
    environment.setenv("THROUGHLINE_ENVIRONMENT", "production")
    environment.setenv("THROUGHLINE_ISSUER", "https://issuer.example")
    environment.setenv(f"THROUGHLINE_{name}", text)
    (line,) = lines()
    assert line.startswith(f"THROUGHLINE_{name} ")


def test_spans_go_to_one_place(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("THROUGHLINE_TRACES_FILE", "/tmp/x")  # noqa: S108 # nothing is written
    environment.setenv("THROUGHLINE_OTLP_ENDPOINT", "http://127.0.0.1:4317")
    (line,) = lines()
    assert line.startswith("THROUGHLINE_TRACES_FILE ")


def test_the_process_ends_with_2(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.setenv("THROUGHLINE_LISTEN", CANARY)
    with pytest.raises(SystemExit) as ended:
        settings_or_exit(Settings)
    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert CANARY not in told


def test_migrations_need_the_owner_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THROUGHLINE_DATABASE_OWNER", "postgresql://o:p@127.0.0.1/casework")
    assert read_settings(MigrationSettings).database_owner.endswith("/casework")
