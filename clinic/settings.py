"""Everything that an installation can set from outside, read once at the start of a process."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

PROJECT_ROOT = Path(__file__).resolve().parent.parent


class SettingsError(ValueError):
    """An environment variable has a value that cannot be used; the message names the variable."""


@dataclass(frozen=True)
class Settings:
    """The settings of one process; secrets stay out of its `repr`."""

    root: Path
    database_url: str = field(repr=False)
    content_dir: Path
    action_time_limit: float
    """Seconds that one custom action may take."""
    rasa_port: int
    action_port: int
    retention_days: int = 90
    """Days that the words of a conversation are kept."""
    web_origins: tuple[str, ...] = ()
    """Websites, beside the assistant's own, whose pages may use the chat: scheme and host."""
    web_session_hours: int = 24
    """Hours that a visitor's session lasts."""
    web_messages_per_minute: int = 20
    """Messages of one session."""
    web_sessions_per_minute: int = 20
    """New sessions from one address."""
    web_requests_per_minute: int = 240
    """Requests to the web channel from one address."""
    given_key: str | None = field(default=None, repr=False)

    def conversation_key(self) -> str:
        """Return the secret for `conversation_hash`.

        It is CONVERSATION_KEY when that is set; else the content of `var/conversation.key`, which
        is made on first use and readable by its owner only.

        Raises:
            SettingsError: the key file cannot be read or written, or is too short.
        """
        if self.given_key is not None:
            return self.given_key
        return _key_from_file(self.root / "var" / "conversation.key")


def load_settings(environ: Mapping[str, str] = os.environ, root: Path = PROJECT_ROOT) -> Settings:
    """Read the settings from `environ`; an unset or empty variable means its default.

    Raises:
        SettingsError: naming the variable whose value cannot be used.
    """
    return Settings(
        root=root,
        database_url=_database_url(environ, root),
        content_dir=_content_dir(environ, root),
        action_time_limit=_seconds(environ, "ACTION_TIME_LIMIT", 8.0),
        rasa_port=_port(environ, "RASA_PORT", 5005),
        action_port=_port(environ, "ACTION_PORT", 5055),
        retention_days=_number(environ, "RETENTION_DAYS", 90, 3650),
        web_origins=_origins(environ, "WEB_ORIGINS"),
        web_session_hours=_number(environ, "WEB_SESSION_HOURS", 24, 24 * 30),
        web_messages_per_minute=_number(environ, "WEB_MESSAGES_PER_MINUTE", 20, 10_000),
        web_sessions_per_minute=_number(environ, "WEB_SESSIONS_PER_MINUTE", 20, 10_000),
        web_requests_per_minute=_number(environ, "WEB_REQUESTS_PER_MINUTE", 240, 100_000),
        given_key=_given_key(environ),
    )


def conversation_hash(sender_id: str, key: str) -> str:
    """Return 12 hex digits that stand for a conversation in logs and erasure receipts.

    Without the key the id cannot be found by trying ids: a messaging channel's sender id may be
    made from a phone number, and there are few of those.
    """
    digest = hmac.new(key.encode(), sender_id.encode("utf-8", "surrogatepass"), hashlib.sha256)
    return digest.hexdigest()[:12]


def _value(environ: Mapping[str, str], name: str) -> str | None:
    return environ.get(name, "").strip() or None


def _database_url(environ: Mapping[str, str], root: Path) -> str:
    text = _value(environ, "DATABASE_URL") or "sqlite:///var/clinic.db"
    # Hosting platforms still hand out the form that SQLAlchemy dropped in 1.4.
    if text.startswith("postgres://"):
        text = text.replace("postgres://", "postgresql://", 1)
    try:
        url = make_url(text)
        backend = url.get_backend_name()
    except (ArgumentError, ValueError):
        # The value may hold a password: it is not repeated in the message.
        raise SettingsError("DATABASE_URL is not a database address") from None
    if backend not in ("sqlite", "postgresql"):
        raise SettingsError("DATABASE_URL must begin with sqlite:/// or postgresql://")
    if backend == "postgresql":
        return text
    if not url.database or url.database == ":memory:":
        raise SettingsError("DATABASE_URL needs a file: several processes share the database")
    return f"sqlite:///{root / url.database}"


def _content_dir(environ: Mapping[str, str], root: Path) -> Path:
    folder = root / (_value(environ, "CONTENT_DIR") or "data/content")
    if not folder.is_dir():
        raise SettingsError(f"CONTENT_DIR is not a folder: {folder}")
    return folder


def _seconds(environ: Mapping[str, str], name: str, default: float) -> float:
    text = _value(environ, name)
    if text is None:
        return default
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 60:
        raise SettingsError(f"{name} must be a number of seconds, more than 0 and at most 60")
    return seconds


def _port(environ: Mapping[str, str], name: str, default: int) -> int:
    return _number(environ, name, default, 65535, "port")


def _number(
    environ: Mapping[str, str], name: str, default: int, most: int, what: str = "whole number"
) -> int:
    text = _value(environ, name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= most):
        raise SettingsError(f"{name} must be a {what} from 1 to {most}")
    return int(text)


def _origins(environ: Mapping[str, str], name: str) -> tuple[str, ...]:
    origins = (_value(environ, name) or "").replace(",", " ").split()
    for origin in origins:
        try:
            parts = urlsplit(origin)
        except ValueError:
            parts = urlsplit("")
        if parts.scheme not in ("https", "http") or origin != f"{parts.scheme}://{parts.netloc}":
            raise SettingsError(f"{name} must hold origins such as https://clinic.example")
    return tuple(origins)


def _given_key(environ: Mapping[str, str]) -> str | None:
    key = _value(environ, "CONVERSATION_KEY")
    if key is not None and len(key) < 16:
        raise SettingsError("CONVERSATION_KEY must have at least 16 characters")
    return key


def _key_from_file(path: Path) -> str:
    try:
        if not path.exists():
            _make_key_file(path)
        key = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"CONVERSATION_KEY is not set and {path} cannot be used: {error}"
        ) from error
    if len(key) < 16:
        raise SettingsError(f"CONVERSATION_KEY is not set and {path} holds no usable key")
    return key


def _make_key_file(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Written beside and then linked, so that another process never reads half a key and the
    # first of two processes wins; mkstemp makes the file with mode 0600.
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=".conversation-key-")
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32) + "\n")
        os.link(beside, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(beside)
