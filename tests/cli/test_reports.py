from pathlib import Path

import msgspec
import pytest
from tests.support.served import new_side

from parley.cli.reports import serve, status
from parley.runtime.folder import FolderFault

KEYS = {"side", "line", "meeting", "seats", "crossing"}


def test_status_in_words_and_for_programs(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    folder = new_side(tmp_path / "a")
    status(folder.root)
    assert "Seoul" in capsys.readouterr().out
    status(folder.root, json=True)
    found = msgspec.json.decode(capsys.readouterr().out)
    assert set(found) >= KEYS
    assert list(found["line"]["out"]) == list(found["line"]["in"])
    assert list(found["line"]["in"]) == ["control", "hotline", "audio", "slides", "video", "files"]


def test_serve_without_a_side_is_told(tmp_path: Path):
    with pytest.raises(FolderFault):
        serve(tmp_path)
