"""The command line as an operator types it: real processes on a temporary folder."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from tests.support.served import free_port

ENGLISH = {**os.environ, "LC_ALL": "C.UTF-8"}


def parley(*words: str, given: str = "", env: dict[str, str] = ENGLISH) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "parley.cli.main", *words],
        input=given,
        capture_output=True,
        text=True,
        env=env,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def make(folder: Path, english: str) -> Path:
    code, _, told = parley(
        "init", str(folder), "--name", f"en={english}", "--name", "ko=쪽", "--listen", f"http://127.0.0.1:{free_port()}",
        "--media-bind", "127.0.0.1:0", "--media-host", "127.0.0.1", "--line-bind", "127.0.0.1:0",
        "--line-addr", "127.0.0.1:7401", "--rate", "256",
    )  # fmt: skip
    assert (code, told) == (0, "")
    return folder


def number_of(text: str) -> str:
    return "".join(letter for letter in text if letter.isdigit())[-60:]


def test_two_sides_pair_by_card_and_number(tmp_path: Path) -> None:
    seoul, pyongyang = make(tmp_path / "s", "Seoul"), make(tmp_path / "p", "Pyongyang")
    cards = {side: parley("card", str(side))[1] for side in (seoul, pyongyang)}
    (tmp_path / "card").write_text(cards[pyongyang])
    _, first, _ = parley("pair", str(seoul), str(tmp_path / "card"))
    code, second, _ = parley("pair", str(pyongyang), "-", given=cards[seoul])
    assert code == 0 and number_of(first) == number_of(second) and len(number_of(first)) == 60
    code, _, told = parley("pair", "confirm", str(seoul), "--number", "1" * 60)
    assert code == 2 and "do not confirm" in told
    assert parley("pair", "confirm", str(seoul), "--number", "12")[0] == 2
    assert parley("pair", "confirm", str(seoul), given="n\n")[0] == 1
    assert parley("pair", "confirm", str(seoul), given="y\n")[0] == 0
    assert parley("pair", "confirm", str(pyongyang), "--number", number_of(first))[0] == 0
    status = msgspec.json.decode(parley("status", str(seoul), "--json")[1])
    assert status["line"]["state"] == "down" and status["side"] == {"en": "Seoul", "ko": "쪽"}

    third = make(tmp_path / "t", "Third")
    code, _, told = parley("pair", str(seoul), parley("card", str(third))[1])
    assert code == 1 and "paired with another card" in told
    assert parley("pair", str(seoul), cards[seoul])[0] == 2
    assert parley("pair", str(seoul), cards[pyongyang].replace("Pyongyang", "Pyongyong"))[0] == 2
    assert parley("unpair", str(seoul))[0] == 0
    assert parley("pair", str(seoul), parley("card", str(third))[1])[0] == 0


def test_seats_are_added_listed_and_revoked(tmp_path: Path) -> None:
    side = make(tmp_path / "s", "Seoul")
    code, printed, _ = parley("seat", "add", str(side), "--name", "김", "--role", "head", "--json")
    seat = msgspec.json.decode(printed)
    assert code == 0 and "/join#" in seat["link"] and len(seat["link"].split("#")[1]) == 22
    assert "김" in parley("seat", "list", str(side))[1]
    assert parley("seat", "revoke", str(side), seat["id"])[0] == 0
    assert msgspec.json.decode(parley("seat", "list", str(side), "--json")[1]) == []
    assert parley("seat", "revoke", str(side), seat["id"])[0] == 2
    assert parley("seat", "revoke", str(side), "nobody")[0] == 2


@pytest.mark.parametrize(
    "words",
    [
        ("init", "{dir}", "--name", "en=A", "--name", "ko=가"),
        ("init", "{dir}/new", "--name", "en=A"),
        ("init", "{dir}/new", "--name", "en=A", "--name", "ko=가", "--listen", "http://192.0.2.1:80"),
        ("card", "{dir}/none"),
        ("pair", "{dir}", "{dir}/none"),
        ("seat", "add", "{dir}", "--name", "A", "--role", "boss"),
        ("seat", "add", "{dir}", "--name", "\u202e", "--role", "head"),
        ("rate", "{dir}", "-1"),
        ("nonsense",),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(tmp_path: Path, words: tuple[str, ...]) -> None:
    side = make(tmp_path / "s", "Seoul")
    code, printed, told = parley(*(word.replace("{dir}", str(side)) for word in words))
    assert (code, printed) == (2, "")
    assert told.startswith("parley: ") and "Traceback" not in told


def test_korean_when_the_machine_speaks_it(tmp_path: Path) -> None:
    side = make(tmp_path / "s", "Seoul")
    assert "좌석" in parley("seat", "list", str(side), env={**ENGLISH, "LC_ALL": "ko_KR.UTF-8"})[1]


def test_kill_9_between_acknowledged_seats_loses_none(tmp_path: Path) -> None:
    side = make(tmp_path / "s", "Seoul")
    made = {
        msgspec.json.decode(parley("seat", "add", str(side), "--name", "A", "--role", "adviser", "--json")[1])["id"]
    }
    dying = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "parley.cli.main",
            "seat",
            "add",
            str(side),
            "--name",
            "B",
            "--role",
            "adviser",
            "--json",
        ],
        stdout=subprocess.PIPE,
    )
    assert dying.stdout is not None
    acknowledged = dying.stdout.readline()
    os.kill(dying.pid, signal.SIGKILL)
    dying.wait()
    dying.stdout.close()
    made.add(msgspec.json.decode(acknowledged)["id"])
    assert made <= {seat["id"] for seat in msgspec.json.decode(parley("seat", "list", str(side), "--json")[1])}
