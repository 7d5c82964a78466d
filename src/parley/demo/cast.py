"""The cast of the demo: which sides there are and who has a seat, as plain values.

Seats of people come first (a head and a delegate a side, whose links are printed), then the robots'.
"""

from dataclasses import dataclass

FAMILY_NAMES = ("김", "리", "박", "최", "정", "강", "조", "윤", "장", "임", "한", "오")
ROMAN_NAMES = ("Kim", "Ri", "Pak", "Choe", "Jong", "Kang", "Jo", "Yun", "Jang", "Im", "Han", "O")


@dataclass(frozen=True)
class Chair:
    """One seat to be made: the person's name, the role, and whether a robot sits on it."""

    name: str
    role: str
    robot: bool = False


@dataclass(frozen=True)
class Cast:
    """One side of the demo: its names, the loopback address its node lives on, and its chairs."""

    english: str
    korean: str
    folder: str
    host: str
    chairs: tuple[Chair, ...]


def casting(delegates: int) -> tuple[Cast, Cast]:
    """Both sides, with `delegates` robots each; the first robot of a side is a head, so that robots can open the meeting."""
    return (
        Cast("Seoul", "서울", "seoul", "127.0.0.1", _chairs("Seoul", 0, delegates)),
        Cast("Pyongyang", "평양", "pyongyang", "127.0.0.2", _chairs("Pyongyang", 5, delegates)),
    )


def _chairs(side: str, first: int, delegates: int) -> tuple[Chair, ...]:
    people = (Chair(f"Head of {side}", "head"), Chair(f"Delegate of {side}", "delegate"))
    robots = tuple(
        Chair(_robot_name(first + number), "head" if number == 0 else "delegate", robot=True)
        for number in range(delegates)
    )
    return people + robots


def _robot_name(number: int) -> str:
    index = number % len(FAMILY_NAMES)
    round_ = number // len(FAMILY_NAMES)
    return f"{FAMILY_NAMES[index]} {ROMAN_NAMES[index]}" + (f" {round_ + 1}" if round_ else "")
