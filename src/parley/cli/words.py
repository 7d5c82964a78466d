"""The command line's sentences in English and, when the machine speaks Korean (`LANG=ko…`), in Korean."""

import os
from typing import Any

from parley.core.effects import No
from parley.core.effects.reasons import REFUSALS, Words

_SENTENCES: dict[str, Words] = {
    "made": Words(
        "{en} is made in {dir}. Its card: parley card {dir}", "{dir}에 {ko} 측을 만들었습니다. 카드: parley card {dir}"
    ),
    "authority": Words(
        "Browsers trust it after {ca} is installed on their machines; SHA-256 {print}",
        "브라우저를 쓸 기기에 {ca}를 설치하십시오. SHA-256 {print}",
    ),
    "card_of": Words("This is the card of {en} {ko}.", "{en} {ko}의 카드입니다."),
    "compare": Words(
        "Read this number to the other side's operator, by voice, over another way than this line. It must be the same there. "
        "Then both type: parley pair confirm DIR",
        "이 번호를 회선이 아닌 다른 방법으로 상대측 운영자와 소리 내어 대조하십시오. 같으면 양측 모두 입력합니다: parley pair confirm DIR",
    ),
    "ask_same": Words("Is it the same on the other side? [y/N] ", "상대측과 같습니까? [y/N] "),
    "not_confirmed": Words(
        "Nothing was confirmed; the line stays closed.", "확인하지 않았습니다. 회선은 닫혀 있습니다."
    ),
    "confirmed": Words("Confirmed. The line may open.", "확인했습니다. 회선을 열 수 있습니다."),
    "unpaired": Words("The other side is forgotten; the line is closed.", "상대측을 지웠습니다. 회선을 닫았습니다."),
    "severed": Words("The line is severed.", "회선을 단절했습니다."),
    "restored": Words("The line may come up again.", "회선을 복원했습니다."),
    "rate": Words("The line's rate is now {kbit} kbit/s (0: unknown).", "회선 속도: {kbit} kbit/s (0은 알 수 없음)."),
    "link": Words(
        "{name} ({role}), seat {seat}. This link opens once, in the browser that is to have the seat:",
        "{name} ({role}), 좌석 {seat}. 이 링크는 처음 여는 브라우저에 한 번만 열립니다:",
    ),
    "revoked": Words(
        "Seat {seat} is revoked; its session and media have ended.",
        "좌석 {seat}을 취소했습니다. 세션과 미디어가 끝났습니다.",
    ),
    "no_seats": Words(
        "There are no seats yet: parley seat add DIR --name … --role …",
        "아직 좌석이 없습니다: parley seat add DIR --name … --role …",
    ),
    "head_line": Words("line {state} {reason}", "회선 {state} {reason}"),
    "head_meeting": Words("meeting {state}", "회의 {state}"),
    "running": Words("the node is running", "노드가 작동 중입니다"),
    "standing": Words("the node is not running: parley serve {dir}", "노드가 멈춰 있습니다: parley serve {dir}"),
    "name_twice": Words(
        "--name {found}: a side has two names; write --name en=… --name ko=…",
        "--name {found}: 측 이름은 두 가지입니다. --name en=… --name ko=… 로 쓰십시오",
    ),
    "number_long": Words(
        "--number {found}: the number has 60 digits; spaces do not matter",
        "--number {found}: 번호는 60자리입니다. 빈칸은 무시합니다",
    ),
    "card_unreadable": Words("the card {found} cannot be read: {why}", "카드 {found}를 읽을 수 없습니다: {why}"),
}


def korean() -> bool:
    """Tell whether the operator's machine speaks Korean (POSIX: LC_ALL before LC_MESSAGES before LANG)."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(variable):
            return value.startswith("ko")
    return False


def say(code: str, **blanks: Any) -> str:
    """Give the sentence of a code."""
    words = _SENTENCES[code]
    return (words.ko if korean() else words.en).format(**blanks)


def say_no(no: No) -> str:
    """Give the sentence of a refusal of the node."""
    words = REFUSALS[no.code]
    return words.ko if korean() else words.en


def grouped(number: str) -> str:
    """Write the 60 digits in groups of five, six groups a line, for reading aloud."""
    digits = "".join(number.split())
    groups = [digits[i : i + 5] for i in range(0, len(digits), 5)]
    return "\n".join("  " + " ".join(groups[i : i + 6]) for i in range(0, len(groups), 6))
