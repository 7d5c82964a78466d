"""The demo: two whole sides on one machine, with a line between them that can be cut.

A *cast* is who sits where (`cast.py`); a *stage* is the two sides as folders and processes (`stage.py`); the *wire* is the
emulated line with its faults (`wire.py`); the *control* lets a test or a curious person cut it over HTTP (`control.py`) and
the *keys* do the same in the terminal (`keys.py`); *robots* are delegates without a person (`robots.py`). `run.py` puts them
together. Nothing here is used by a real side.
"""
