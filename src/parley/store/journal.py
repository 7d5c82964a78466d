"""The journal on disk: append-only, one writer, an acknowledged fact survives kill -9 and power loss.

SQLite runs in WAL mode with `synchronous = FULL`: a commit returns after the fsync that covers it. After any error of
the disk the journal is broken and refuses everything until it was opened anew, which checks the file and the numbers.
"""

from collections.abc import Iterable
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import StaticPool

from parley.core.effects.facts import AnyFact, decode_fact, encode_fact
from parley.store import tables

_MIGRATIONS = Path(__file__).parent / "migrations"


class JournalFault(RuntimeError):
    """The journal cannot be read or written; nothing of the last append counts. The text says why."""


class Journal:
    """The journal at `path`, open for one writer. Fulfils `core.ports.JournalPort`."""

    def __init__(self, path: Path) -> None:
        """Open, bring the tables up to date, check. Raises `JournalFault`."""
        self._path = path
        self._broken = False
        self._engine = sa.create_engine(f"sqlite:///{path}", poolclass=StaticPool)
        event.listen(self._engine, "connect", _set_up)
        try:
            self._connection = self._engine.connect()
            self._migrate()
            self._last = self._check()
        except (SQLAlchemyError, OSError) as error:
            self.close()
            raise JournalFault(f"the journal {path} cannot be opened: {_cause(error)}") from None
        except JournalFault:
            self.close()
            raise

    def append(self, facts: list[AnyFact]) -> None:
        """Write all or none, in order; returns when they are on disk. Raises `JournalFault`, and from then on always."""
        if not facts:
            return
        if self._broken:
            raise JournalFault(f"the journal {self._path} had an error of the disk; it must be opened anew")
        rows = [
            {"number": self._last + index, "at_ms": fact.at, "fact": encode_fact(fact).decode()}
            for index, fact in enumerate(facts, 1)
        ]
        try:
            with self._connection.begin():
                self._connection.execute(sa.insert(tables.facts), rows)
        except (SQLAlchemyError, OSError) as error:
            self._broken = True
            raise JournalFault(f"the journal {self._path} cannot be written: {_cause(error)}") from None
        self._last += len(rows)

    def read(self) -> Iterable[AnyFact]:
        """Give back all facts in the order in which they were written. Raises `JournalFault` on one it cannot read."""
        with self._connection.begin():
            rows = self._connection.execute(
                sa.select(tables.facts.c.number, tables.facts.c.fact).order_by(tables.facts.c.number)
            ).all()
        for number, text in rows:
            try:
                yield decode_fact(text)
            except ValueError as error:
                raise JournalFault(
                    f"fact {number} of the journal {self._path} cannot be read by this version: {error}"
                ) from None

    @property
    def last(self) -> int:
        """The number of the last fact; 0: none yet."""
        return self._last

    def close(self) -> None:
        """Let the file go; idempotent."""
        if hasattr(self, "_connection"):
            self._connection.close()
        self._engine.dispose()

    def _migrate(self) -> None:
        with self._connection.begin():
            if sa.inspect(self._connection).has_table("alembic_version"):
                found = self._connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
                if found == tables.REVISION:
                    return
        # Only a new or an older journal needs the migrations, which are slow to import.
        from alembic import command  # noqa: PLC0415
        from alembic.config import Config  # noqa: PLC0415

        config = Config()
        config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
        config.attributes["connection"] = self._connection
        command.upgrade(config, "head")
        self._connection.commit()

    def _check(self) -> int:
        with self._connection.begin():
            if self._engine.dialect.name == "sqlite":
                verdict = self._connection.execute(sa.text("PRAGMA quick_check(1)")).scalar_one()
                if verdict != "ok":
                    raise JournalFault(f"the journal {self._path} is damaged ({verdict}); restore the backup")
            count, last = self._connection.execute(sa.select(sa.func.count(), sa.func.max(tables.facts.c.number))).one()
        if count != (last or 0):
            raise JournalFault(f"facts are missing in the journal {self._path}: {count} of {last}; restore the backup")
        return count


def _set_up(connection: DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "busy_timeout = 2000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _cause(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).splitlines()[0]
