"""The pure core of a node: `node.handle(input, now)` returns effects and does nothing else.

inputs.py   all that can happen to a node          effects/   all that a node can want
line/       pairing with the other side, the link  consent/   how both heads open a meeting
talks/      seats, places, devices, hands          media/     what the engine is told, from state
view.py     what a person may see                  node.py    dispatch only
Nothing here reads a clock, draws a random number, opens a file or a socket, or knows a framework.
"""
