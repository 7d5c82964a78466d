"""What a person is there for: the other side's picture is seen and its voice is heard, and nothing before both want it."""

from tests.e2e.rig.talks import Talks


async def test_both_sides_see_and_hear_each_other_once_both_heads_have_opened(talks: Talks):
    one, two = await talks.person("a", "head"), await talks.person("b", "head")
    await one.join("mic", "camera")
    await two.join("mic", "camera")
    await talks.opened_by(one, two)
    for here, there in ((one, two), (two, one)):
        await here.sees(there)
        await here.hears(there)


async def test_a_meeting_opens_only_by_both_and_closes_by_either(talks: Talks):
    one, two = await talks.person("a", "head"), await talks.person("b", "head")
    await one.join("mic", "camera")
    await two.join("mic", "camera")
    await one.press("propose")
    await talks.meeting("proposed")
    assert await one.picture(two) is None
    assert await two.picture(one) is None
    assert max(*await one.loudness(two), *await two.loudness(one)) < -70
    await two.press("accept")
    await talks.meeting("open")
    await two.sees(one)
    await two.press("leave")
    await talks.meeting("caucus")
    await one.hears_nothing_of(two)
    await two.hears_nothing_of(one)
