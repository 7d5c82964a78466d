from parley.core.moment import MAX_LEAP, Lamport


def test_a_stamp_is_larger_than_all_that_was_seen():
    lamport = Lamport()
    first = lamport.next()
    lamport.see(first + 7)
    lamport.see(3)
    assert lamport.next() == first + 8


def test_a_stamp_far_ahead_is_not_believed():
    lamport = Lamport(last=10)
    assert lamport.believable(10 + MAX_LEAP) and not lamport.believable(11 + MAX_LEAP)
