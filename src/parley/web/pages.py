"""The built screens, read once at the start; a path that was not built does not exist, so no path can lead elsewhere."""

import mimetypes
from pathlib import Path

from litestar import Request, Response, get
from litestar.datastructures import State

from parley.web.enrolment import refused
from parley.web.refusals import NOT_FOUND

STATIC = Path(__file__).parent / "static"
SCREENS = ("/", "/join")
_FOR_EVER = "public, max-age=31536000, immutable"
_ABSENT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Parley</title>
<h1>The screens are not built</h1><p>The node runs, but its pages are missing. On the node's machine type <code>make build</code>, then start it again.</p>
<p lang="ko">노드는 작동하지만 화면이 없습니다. 노드에서 <code>make build</code>를 실행한 뒤 다시 시작하십시오.</p></html>
"""


class Page:
    """One file of the screens."""

    def __init__(self, content: bytes, kind: str, for_ever: bool) -> None:
        self.content = content
        self.kind = kind
        self.for_ever = for_ever
        """Its name changes with its content."""


def read_pages(folder: Path = STATIC) -> dict[str, Page]:
    """Read all files below a folder. Without `index.html` a page says what is missing."""
    pages: dict[str, Page] = {}
    for file in sorted(folder.rglob("*")) if folder.is_dir() else []:
        name = file.relative_to(folder).as_posix()
        if file.is_file() and not any(part.startswith(".") for part in name.split("/")):
            kind = _KINDS.get(file.suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
            pages["/" + name] = Page(file.read_bytes(), kind, name.startswith("assets/"))
    index = pages.pop("/index.html", None) or Page(_ABSENT.encode(), _KINDS[".html"], False)
    return {**pages, **dict.fromkeys(SCREENS, index)}


@get(["/", "/{path:path}"])
async def page(request: Request[None, None, State], state: State) -> Response[bytes]:
    """Give a page or one of its parts."""
    found: Page | None = state.pages.get(request.scope["path"])
    if found is None:
        return refused(NOT_FOUND)
    headers = {"cache-control": _FOR_EVER} if found.for_ever else {}
    return Response(found.content, media_type=found.kind, headers=headers)


_KINDS = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
}
