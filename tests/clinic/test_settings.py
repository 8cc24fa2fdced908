"""What an installation can set, and what it is told when it sets it wrong."""

import stat
import threading
from pathlib import Path

import pytest

from clinic.settings import SettingsError, conversation_hash, load_settings


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "data" / "content").mkdir(parents=True)
    return tmp_path


def test_everything_has_a_default(root: Path) -> None:
    settings = load_settings({}, root)
    assert settings.database_url == f"sqlite:///{root}/var/clinic.db"
    assert settings.content_dir == root / "data" / "content"
    assert settings.action_time_limit == 8
    assert (settings.rasa_port, settings.action_port) == (5005, 5055)


def test_an_empty_variable_means_its_default(root: Path) -> None:
    empty = dict.fromkeys(("DATABASE_URL", "CONVERSATION_KEY", "RASA_PORT", "CONTENT_DIR"), " ")
    assert load_settings(empty, root) == load_settings({}, root)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "nonsense"),
        ("DATABASE_URL", "mysql://u:p@h/db"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("CONVERSATION_KEY", "short"),
        ("ACTION_TIME_LIMIT", "soon"),
        ("ACTION_TIME_LIMIT", "0"),
        ("ACTION_TIME_LIMIT", "nan"),
        ("ACTION_TIME_LIMIT", "3600"),
        ("RASA_PORT", "http"),
        ("RASA_PORT", "0"),
        ("ACTION_PORT", "70000"),
        ("WEB_ORIGINS", "clinic.example"),
        ("WEB_ORIGINS", "https://clinic.example/"),
        ("WEB_ORIGINS", "https://clinic.example, *"),
        ("WEB_ORIGINS", "https://[x"),
        ("RETENTION_DAYS", "0"),
        ("RETENTION_DAYS", "forever"),
        ("WEB_SESSION_HOURS", "0"),
        ("WEB_SESSION_HOURS", "1e3"),
        ("WEB_MESSAGES_PER_MINUTE", "-1"),
        ("WEB_SESSIONS_PER_MINUTE", "many"),
        ("WEB_REQUESTS_PER_MINUTE", "0"),
        ("CONTENT_DIR", "no/such/folder"),
    ],
)
def test_a_bad_value_names_its_variable(root: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        load_settings({name: value}, root)


def test_a_bad_database_address_keeps_its_password_to_itself(root: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings({"DATABASE_URL": "mysql://user:hunter2@host/db"}, root)
    assert "hunter2" not in str(caught.value)


def test_secrets_stay_out_of_the_repr(root: Path) -> None:
    settings = load_settings(
        {"DATABASE_URL": "postgres://u:hunter2@h/db", "CONVERSATION_KEY": "k" * 20}, root
    )
    assert settings.database_url == "postgresql://u:hunter2@h/db"
    assert "hunter2" not in repr(settings)
    assert "k" * 20 not in repr(settings)


def test_a_given_key_is_used_and_no_file_is_made(root: Path) -> None:
    assert load_settings({"CONVERSATION_KEY": "k" * 16}, root).conversation_key() == "k" * 16
    assert not (root / "var").exists()


def test_a_missing_key_is_made_once_for_the_owner_only(root: Path) -> None:
    settings = load_settings({}, root)
    assert not (root / "var").exists()
    keys: list[str] = []
    threads = [
        threading.Thread(target=lambda: keys.append(settings.conversation_key())) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    path = root / "var" / "conversation.key"
    assert len(set(keys)) == 1
    assert len(keys[0]) == 64
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_a_broken_key_file_is_an_error(root: Path) -> None:
    (root / "var").mkdir()
    (root / "var" / "conversation.key").write_text("")
    with pytest.raises(SettingsError, match="CONVERSATION_KEY"):
        load_settings({}, root).conversation_key()


def test_a_conversation_hash_depends_on_the_key_and_the_conversation() -> None:
    one = conversation_hash("+306941234567", "key one")
    assert one == conversation_hash("+306941234567", "key one")
    assert len(one) == 12
    assert set(one) <= set("0123456789abcdef")
    assert one != conversation_hash("+306941234567", "key two")
    assert one != conversation_hash("+306941234568", "key one")
    assert conversation_hash("\ud800", "key")


def test_the_example_file_holds_the_defaults(root: Path) -> None:
    lines = (Path(__file__).parents[2] / ".env.example").read_text().splitlines()
    pairs = [line.split("=", 1) for line in lines if line and not line.startswith("#")]
    assert load_settings(dict(pairs), root) == load_settings({}, root)
