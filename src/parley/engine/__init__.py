"""The only place that knows `parley_engine`: media and line run there, commands go in, events come out.

adapter.py   `EngineAdapter` (`core.ports.EnginePort`): JSON both ways, the event file descriptor on asyncio, counters
No packet ever enters Python; what the core says to the other node travels as opaque bytes.
"""
