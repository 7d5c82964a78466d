import pytest

from parley.cli.complaint import BAD_INPUT, FAILED, Complaint, granted
from parley.core.effects import Done, No


def test_a_refusal_says_whose_fault_it_was():
    assert granted(Done(number="1")).number == "1"
    for no, whose in ((No("number_wrong"), BAD_INPUT), (No("card_changed"), FAILED)):
        with pytest.raises(Complaint) as complaint:
            granted(no)
        assert complaint.value.code == whose
