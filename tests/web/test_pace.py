from parley.web.pace import Pace


def test_a_burst_then_a_steady_pace():
    now = 0.0
    pace = Pace(2, 3, lambda: now)
    assert [pace.allow() for _ in range(4)] == [True, True, True, False]
    now = 0.5
    assert [pace.allow(), pace.allow()] == [True, False]
    now = 100.0
    assert [pace.allow() for _ in range(4)] == [True, True, True, False]
