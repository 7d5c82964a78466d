"""The runtime: the one place where core and shells meet.

folder.py   a side's folder and its lock        config.py   `config.toml`, read strictly
clock.py    the one clock                       loop.py     one input → core → journal → perform
door.py     what the web side may ask           admin.py    the operator's socket
metrics.py  the same for Prometheus             serving.py  wires all of it and runs until SIGTERM
desk.py     the operator's acts, on a running node or directly on the store
"""
