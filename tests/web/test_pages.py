from pathlib import Path

from parley.web.pages import read_pages


def test_built_files_are_pages_and_the_index_serves_the_screens(tmp_path: Path):
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<p>")
    (tmp_path / "assets" / "app-1a2b.js").write_text("1")
    (tmp_path / ".secret").write_text("no")
    pages = read_pages(tmp_path)
    assert set(pages) == {"/", "/join", "/assets/app-1a2b.js"}
    assert pages["/"] is pages["/join"]
    assert pages["/assets/app-1a2b.js"].for_ever and not pages["/"].for_ever
    assert pages["/assets/app-1a2b.js"].kind.startswith("text/javascript")


def test_without_a_build_a_page_says_so(tmp_path: Path):
    assert b"make build" in read_pages(tmp_path / "none")["/"].content
