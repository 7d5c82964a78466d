"""The journal: append-only, all or nothing, and what it has acknowledged survives kill -9."""

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from parley.core.effects.facts import RateSet, Severed
from parley.store import journal as journal_module
from parley.store.journal import Journal, JournalFault
from parley.store.tables import REVISION

WRITER = """
import sys
from pathlib import Path
from parley.core.effects.facts import RateSet
from parley.store.journal import Journal
journal = Journal(Path(sys.argv[1]))
number = journal.last
while True:
    journal.append([RateSet(number + 1, kbit=number + 1), RateSet(number + 2, kbit=number + 2)])
    number += 2
    print(number, flush=True)
"""


def test_facts_come_back_in_order_after_reopening(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j.db")
    journal.append([RateSet(1, kbit=5), Severed(2)])
    journal.append([])
    journal.close()
    again = Journal(tmp_path / "j.db")
    assert (again.last, list(again.read())) == (2, [RateSet(1, kbit=5), Severed(2)])
    again.close()


def test_a_row_is_never_changed_nor_removed(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j.db")
    journal.append([Severed(1)])
    journal.close()
    other = sqlite3.connect(tmp_path / "j.db")
    for act in ("UPDATE facts SET fact = ''", "DELETE FROM facts"):
        with pytest.raises(sqlite3.IntegrityError, match="never changed"):
            other.execute(act)
    other.close()


def test_after_an_error_nothing_is_acknowledged_until_opened_anew(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j.db")
    journal.append([Severed(1)])
    other = sqlite3.connect(tmp_path / "j.db")
    other.execute("CREATE TRIGGER full BEFORE INSERT ON facts BEGIN SELECT RAISE(ABORT, 'disk full'); END")
    other.commit()
    with pytest.raises(JournalFault, match="disk full"):
        journal.append([Severed(2)])
    other.execute("DROP TRIGGER full")
    other.commit()
    other.close()
    with pytest.raises(JournalFault, match="opened anew"):
        journal.append([Severed(2)])
    journal.close()
    again = Journal(tmp_path / "j.db")
    again.append([Severed(2)])
    assert again.last == 2
    again.close()


def test_a_damaged_file_a_missing_row_and_an_unknown_fact_are_told(tmp_path: Path) -> None:
    (tmp_path / "bad.db").write_bytes(b"no database" * 1000)
    with pytest.raises(JournalFault, match="cannot be opened"):
        Journal(tmp_path / "bad.db")
    for number, text, match in ((3, "{}", "missing"), (1, '{"fact":"of a later version"}', "this version")):
        path = tmp_path / f"{number}.db"
        Journal(path).close()
        other = sqlite3.connect(path)
        other.execute("INSERT INTO facts VALUES (?, 1, ?)", (number, text))
        other.commit()
        other.close()
        with pytest.raises(JournalFault, match=match):
            journal = Journal(path)
            try:
                list(journal.read())
            finally:
                journal.close()


@pytest.mark.parametrize("acknowledged", [2, 14, 40])
def test_kill_9_loses_nothing_that_was_acknowledged(tmp_path: Path, acknowledged: int) -> None:
    path = tmp_path / "j.db"
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    last = 0
    while last < acknowledged:
        last = int(writer.stdout.readline())
    os.kill(writer.pid, signal.SIGKILL)
    last = max([last, *(int(line) for line in writer.stdout.read().split("\n")[:-1])])
    writer.wait()
    writer.stdout.close()
    journal = Journal(path)
    assert journal.last >= last and journal.last % 2 == 0
    assert [fact.at for fact in journal.read()] == list(range(1, journal.last + 1))
    journal.close()


def test_the_newest_migration_is_the_one_the_tables_name() -> None:
    from alembic.script import ScriptDirectory

    assert ScriptDirectory(Path(journal_module.__file__).parent / "migrations").get_heads() == [REVISION]
