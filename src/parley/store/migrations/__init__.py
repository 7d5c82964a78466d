"""How the tables came to be, step by step (Alembic); forward only, back is a backup."""
