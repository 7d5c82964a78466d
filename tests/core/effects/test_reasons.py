import typing

from parley.core.effects.reasons import REFUSALS, RefusalCode, TellCode


def test_every_refusal_has_a_sentence_in_both_languages():
    assert set(REFUSALS) == set(typing.get_args(RefusalCode))
    for code, words in REFUSALS.items():
        assert words.en.endswith(".") and words.ko.endswith("."), code
        assert any("가" <= letter <= "힣" for letter in words.ko), code


def test_news_and_refusals_do_not_share_a_code():
    assert not set(typing.get_args(RefusalCode)) & set(typing.get_args(TellCode))
