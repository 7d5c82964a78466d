from parley.demo.cast import casting


def test_each_side_has_a_head_and_a_delegate_for_people():
    for side in casting(0):
        assert [(chair.role, chair.robot) for chair in side.chairs] == [("head", False), ("delegate", False)]


def test_robots_have_names_of_their_own_and_one_head_a_side():
    one, two = casting(12)
    names = [chair.name for side in (one, two) for chair in side.chairs if chair.robot]
    for side in (one, two):
        own = [chair for chair in side.chairs if chair.robot]
        assert len({chair.name for chair in own}) == 12
        assert [chair.role for chair in own].count("head") == 1
    assert len(names) == 24
