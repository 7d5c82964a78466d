from parley.core.view import Pong
from parley.web.door import MAX_WAITING, Outbox, digest


async def test_what_was_put_is_given_out_in_order_until_closed():
    outbox = Outbox()
    outbox.put(Pong(n=1))
    outbox.put(Pong(n=2))
    outbox.close()
    outbox.put(Pong(n=3))
    assert [text async for text in outbox.texts()] == ['{"kind":"pong","n":1}', '{"kind":"pong","n":2}']
    assert not outbox.overrun


async def test_a_browser_that_does_not_read_is_let_go():
    outbox = Outbox()
    for number in range(MAX_WAITING + 1):
        outbox.put(Pong(n=number))
    assert outbox.overrun
    assert [text async for text in outbox.texts()] == []


def test_a_digest_is_sha_256():
    assert digest("abc").startswith("ba7816bf")
