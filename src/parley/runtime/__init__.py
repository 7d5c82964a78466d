"""The runtime: the one place where core and shells meet.

folder.py   a side's folder and its lock          config.py   `config.toml`, read strictly
clock.py    the one clock                         loop.py     one input → core → journal → perform
perform.py  what effects do to the world          door.py     what browsers may ask of the loop
admin.py    the operator's socket                 metrics.py  the same for Prometheus
serving.py  wires all of it, runs until SIGTERM   tls.py      the certificate that browsers see
desk.py     the operator's acts, on a running node or directly on the store
"""
