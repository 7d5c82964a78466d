"""How a command fails: one sentence, and an exit code that says whose fault it was."""

from parley.cli.words import say_no
from parley.core.effects import Done, No

BAD_INPUT = 2
"""The operator typed something that cannot be."""
FAILED = 1
"""The command was right, and could not be done."""
_TYPED = ("card_malformed", "card_own", "card_signature", "number_wrong", "no_such_seat")


class Complaint(Exception):
    """Ends the command with this sentence and exit code."""

    def __init__(self, sentence: str, code: int = FAILED) -> None:
        super().__init__(sentence)
        self.code = code


def granted(outcome: Done | No) -> Done:
    """Give the answer of the node, or complain with its reason."""
    if isinstance(outcome, No):
        raise Complaint(say_no(outcome), BAD_INPUT if outcome.code in _TYPED else FAILED)
    return outcome
