"""A node: one input in, effects out.

machine.py  `Node`: dispatch only              state.py    all machines of a node, wired in one place
asked.py    what browsers say                  admin.py    what the operator and the enrolment ask
arrived.py  what the engine and the other node say
follow.py   what follows from the state: engine, other node, screens, alarm
"""

from parley.core.node.machine import Node

__all__ = ["Node"]
