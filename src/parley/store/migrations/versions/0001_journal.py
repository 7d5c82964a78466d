"""The journal of facts; what was written stays as it was written."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the table and the guards that refuse every change of a row."""
    op.create_table(
        "facts",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("fact", sa.Text, nullable=False),
    )
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER facts_no_{act.lower()} BEFORE {act} ON facts "
                "BEGIN SELECT RAISE(ABORT, 'the journal is never changed'); END"
            )
    else:
        op.execute(
            "CREATE FUNCTION facts_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the journal is never changed'; END $$"
        )
        op.execute(
            "CREATE TRIGGER facts_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON facts EXECUTE FUNCTION facts_refuse()"
        )
