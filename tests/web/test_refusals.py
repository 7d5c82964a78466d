import msgspec

from parley.web.refusals import FAULT, NOT_FOUND, by_status


def test_an_error_has_a_sentence_in_both_languages():
    error = msgspec.json.decode(NOT_FOUND.body())["error"]
    assert error["code"] == "not_found"
    assert set(error["text"]) == {"en", "ko"}


def test_an_unknown_status_is_told_as_whose_fault_it_is():
    assert by_status(404) is NOT_FOUND
    assert by_status(503) is FAULT
    assert by_status(418).status == 400
