"""Settings.  The only reader of the environment; a bad setting stops the start with a sentence that names it.

Every setting is an environment variable that begins with TRACKER_:

    TRACKER_DEMO           1: sample data, and a secret key that everybody knows is allowed (default 0)
    TRACKER_SECRET_KEY     signs the sessions; 32 characters or more, needed to serve outside the demo
    TRACKER_DATA           folder of the database and the stored files (default instance/)
    TRACKER_DATABASE_URL   default sqlite:///TRACKER_DATA/ledger.db; or postgresql://…
    TRACKER_FONTS          folder of the fonts for PDF (default build/fonts)
    TRACKER_TIMEZONE       default Asia/Shanghai
    TRACKER_HTTPS          1: cookies travel over HTTPS only (default 0)
    TRACKER_UPLOAD_MB      largest request in megabytes, 1 to 200 (default 20)
    TRACKER_SCAN_COMMAND   looks for viruses in each uploaded file, whose path is put last (clamdscan --fdpass …):
                           status 0 is clean, 1 infected, any other refuses the file as well; no search if empty
    TRACKER_BASE_URL       where people reach the pages (https://ledger.example.gov.cn), for links in messages
    TRACKER_MAIL_SERVER    host:port of the mail server; no mail is sent if empty
    TRACKER_MAIL_SECURITY  none, starttls or tls (default starttls)
    TRACKER_MAIL_USER      TRACKER_MAIL_PASSWORD  to sign in to the mail server, if it asks
    TRACKER_MAIL_FROM      the address that mails come from
    TRACKER_LISTED_HOSTS   hosts of the office's own network that messages may be sent to, separated by commas
    TRACKER_IDLE_MINUTES   a session ends after so many idle minutes, 5 to 720 (default 30)
"""

import os
import shlex
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

ROOT = Path(__file__).resolve().parent
DEMO_KEY = "demo-only-key-that-everybody-knows"
_SHORTEST_KEY = 32


class BadSetting(SystemExit):
    """A setting is missing or wrong; as a SystemExit it ends a command with the sentence and status 1."""


@dataclass(frozen=True)
class MailSettings:
    host: str
    port: int
    security: str
    user: str
    password: str
    sender: str


@dataclass(frozen=True)
class Settings:
    demo: bool
    secret_key: str
    data: Path
    database_url: str
    fonts: Path
    timezone: str
    https: bool
    upload_bytes: int
    idle_minutes: int
    base_url: str = ""
    mail: MailSettings | None = None
    listed_hosts: frozenset[str] = frozenset()
    scan_command: tuple[str, ...] = ()

    def fit_to_serve(self) -> "Settings":
        """Return itself, or raise BadSetting where sessions signed with this key could be forged."""
        if self.demo:
            return self
        if not self.secret_key:
            raise BadSetting(
                "TRACKER_SECRET_KEY is not set. Set it to 32 or more random characters, "
                'for example the output of: python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
            )
        if self.secret_key == DEMO_KEY or len(self.secret_key) < _SHORTEST_KEY or len(set(self.secret_key)) < 10:
            raise BadSetting(
                "TRACKER_SECRET_KEY is the demo's key, too short or too simple: 32 random characters or more."
            )
        return self


def load(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read all settings; raise BadSetting for the first that is wrong."""
    demo = _switch(environ, "TRACKER_DEMO")
    data = Path(environ.get("TRACKER_DATA") or ROOT / "instance").resolve()
    return Settings(
        demo=demo,
        secret_key=environ.get("TRACKER_SECRET_KEY", "") or (DEMO_KEY if demo else ""),
        data=data,
        database_url=_database_url(environ.get("TRACKER_DATABASE_URL") or f"sqlite:///{data / 'ledger.db'}"),
        fonts=Path(environ.get("TRACKER_FONTS") or ROOT / "build" / "fonts").resolve(),
        timezone=_timezone(environ.get("TRACKER_TIMEZONE") or "Asia/Shanghai"),
        https=_switch(environ, "TRACKER_HTTPS"),
        upload_bytes=_number(environ, "TRACKER_UPLOAD_MB", default=20, least=1, most=200) * 1024 * 1024,
        idle_minutes=_number(environ, "TRACKER_IDLE_MINUTES", default=30, least=5, most=720),
        base_url=_base_url(environ.get("TRACKER_BASE_URL", "")),
        mail=_mail(environ),
        listed_hosts=frozenset(
            host.strip().lower() for host in environ.get("TRACKER_LISTED_HOSTS", "").split(",") if host.strip()
        ),
        scan_command=_command(environ.get("TRACKER_SCAN_COMMAND", "")),
    )


def _command(written: str) -> tuple[str, ...]:
    try:
        command = tuple(shlex.split(written))
    except ValueError as fault:
        raise BadSetting(f"TRACKER_SCAN_COMMAND cannot be read: {written!r} ({fault}).") from fault
    if command and shutil.which(command[0]) is None:
        raise BadSetting(f"TRACKER_SCAN_COMMAND names no program of this machine: {command[0]!r}.")
    return command


def _base_url(url: str) -> str:
    url = url.strip().rstrip("/")
    if url and not url.startswith(("http://", "https://")):
        raise BadSetting("TRACKER_BASE_URL must begin with http:// or https://.")
    return url


def _mail(environ: Mapping[str, str]) -> MailSettings | None:
    server = environ.get("TRACKER_MAIL_SERVER", "").strip()
    if not server:
        return None
    host, _, port = server.rpartition(":")
    if not host or not port.isdigit():
        raise BadSetting("TRACKER_MAIL_SERVER must be host:port, for example mail.example.gov.cn:587.")
    security = environ.get("TRACKER_MAIL_SECURITY", "").strip().lower() or "starttls"
    if security not in ("none", "starttls", "tls"):
        raise BadSetting(f"TRACKER_MAIL_SECURITY must be none, starttls or tls, not {security!r}.")
    sender = environ.get("TRACKER_MAIL_FROM", "").strip()
    if "@" not in sender:
        raise BadSetting("TRACKER_MAIL_FROM must be the address that mails come from.")
    user, password = environ.get("TRACKER_MAIL_USER", ""), environ.get("TRACKER_MAIL_PASSWORD", "")
    return MailSettings(host, int(port), security, user, password, sender)


def _switch(environ: Mapping[str, str], name: str) -> bool:
    value = environ.get(name, "").strip().lower()
    if value in {"", "0", "no", "false"}:
        return False
    if value in {"1", "yes", "true"}:
        return True
    raise BadSetting(f"{name} must be 0 or 1, not {value!r}.")


def _number(environ: Mapping[str, str], name: str, *, default: int, least: int, most: int) -> int:
    value = environ.get(name, "").strip() or str(default)
    if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
        raise BadSetting(f"{name} must be a whole number from {least} to {most}, not {value!r}.")
    return int(value)


def _timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as fault:
        raise BadSetting(f"TRACKER_TIMEZONE names no time zone: {name!r}.") from fault
    return name


def _database_url(url: str) -> str:
    if not url.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        raise BadSetting("TRACKER_DATABASE_URL must begin with sqlite:/// or postgresql://.")
    return url
