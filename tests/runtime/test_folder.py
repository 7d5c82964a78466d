from pathlib import Path

import pytest

from parley.runtime.folder import FolderFault, SideFolder, SideLock


def test_one_writer_at_a_time(tmp_path: Path):
    folder = SideFolder(tmp_path)
    lock = SideLock(folder)
    with pytest.raises(BlockingIOError):
        SideLock(folder)
    lock.release()
    SideLock(folder).release()


def test_a_folder_without_a_side_says_how_to_make_one(tmp_path: Path):
    with pytest.raises(FolderFault, match="parley init"):
        SideFolder(tmp_path).require()
