from pathlib import Path

import pytest

from parley.cli.making import Wishes, config_text, make_side
from parley.core.ids import Names
from parley.runtime.config import ConfigFault, parse_config
from parley.runtime.folder import FolderFault


def test_usual_values_make_a_valid_configuration_with_comments():
    text = config_text(Wishes(Names('A "quoted" side', "가\\나")))
    config = parse_config(text)
    assert config.side == Names('A "quoted" side', "가\\나") and config.secure and config.media.hosts
    assert text.count("#") > 10


def test_a_bad_wish_leaves_nothing_behind(tmp_path: Path):
    with pytest.raises(ConfigFault):
        make_side(tmp_path / "a", Wishes(Names("A", "가"), listen="http://192.0.2.1:80"))
    assert not (tmp_path / "a").exists()


def test_a_side_is_never_made_over_something(tmp_path: Path):
    (tmp_path / "letter").touch()
    with pytest.raises(FolderFault):
        make_side(tmp_path, Wishes(Names("A", "가")))


def test_secrets_are_closed_to_others(tmp_path: Path):
    folder = make_side(tmp_path / "a", Wishes(Names("A", "가")))
    for path in (folder.node_key, folder.line_key, folder.authority.folder / "ca.key"):
        assert path.stat().st_mode & 0o777 == 0o600
    assert folder.root.stat().st_mode & 0o777 == 0o700
