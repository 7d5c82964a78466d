"""The `parley` command: everything an operator does, in words.

main.py     the commands and what every mistake looks like      words.py    sentences in English and Korean
making.py   `init`                                              sides.py    card, pair, unpair, sever, restore, rate
seats.py    seat add, list, revoke                              reports.py  serve, status
"""
