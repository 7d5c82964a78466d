"""The tables of the store, the same for SQLite and PostgreSQL. A change here needs a migration in `migrations/versions`."""

import sqlalchemy as sa

metadata = sa.MetaData()
REVISION = "0001"
"""The newest step in `migrations/versions`; a journal at another one is brought up to it."""

facts = sa.Table(
    "facts",
    metadata,
    sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
    sa.Column("fact", sa.Text, nullable=False),
)
"""One row a fact: `number` counts from 1 without a gap, `at_ms` is the own node's clock, `fact` the JSON as written."""
