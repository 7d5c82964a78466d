"""The store: the journal of facts on disk, and nothing else that could contradict it.

fact      one thing that has happened (`core/effects/facts.py`), one row, never changed and never removed
journal   `Journal`: append in one transaction, read back in order (`core.ports.JournalPort`)
tables.py the one table, for SQLite today and PostgreSQL when a side outgrows it; migrations/ how it came to be (Alembic)
Secrets never stand here: of links and cookies the facts hold SHA-256 digests only.
"""
