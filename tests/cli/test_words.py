import pytest

from parley.cli.words import grouped, korean, say, say_no
from parley.core.effects import No


def test_the_language_is_the_machines(monkeypatch: pytest.MonkeyPatch):
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(variable, raising=False)
    assert not korean()
    monkeypatch.setenv("LANG", "ko_KR.UTF-8")
    assert korean() and "회선" in say("severed")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert not korean() and say_no(No("not_paired")).startswith("No card")


def test_a_number_is_grouped_for_reading_aloud():
    assert grouped("1" * 60) == grouped(" ".join(["11111"] * 12)) == "\n".join(["  " + " ".join(["11111"] * 6)] * 2)
