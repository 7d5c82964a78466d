"""The web side of a node: pages, enrolment, and the signalling that browsers speak. It decides nothing.

door.py        what the web side may ask of the node         gate.py        Host, Origin and headers, for every answer
enrolment.py   links, cookies, /api/enrol, /api/me           signalling.py  the WebSocket /api/signal
pages.py       the built screens, as they are in static/     refusals.py    errors as JSON with a sentence in both languages
strict.py      JSON without duplicate keys                   pace.py        how often one may ask
app.py         all of it as one ASGI application
"""
