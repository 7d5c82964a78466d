"""Seats and the people on them: who is present, where, with what switched on; the table that the other side sees."""
