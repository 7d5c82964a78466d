"""The project knows no machine: no home folder, no temporary path of a builder, no registry but the public ones, nobody's mirror."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PLACES = re.compile(r"(?<![\w./])/(?:home/\w|root/|work/|Users/\w|opt/wheels)")
REGISTRIES = {
    "https://pypi.org": "uv.lock",
    "https://files.pythonhosted.org": "uv.lock",
    "https://registry.npmjs.org": "package-lock.json",
    "https://github.com/rust-lang/crates.io-index": "Cargo.lock",
}


def texts() -> dict[str, str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    found: dict[str, str] = {}
    for name in filter(None, listed.split("\0")):
        path = ROOT / name
        if path.is_file() and path != Path(__file__).resolve() and b"\0" not in path.read_bytes()[:4096]:
            found[name] = path.read_text(encoding="utf-8")
    return found


def test_no_place_of_a_builder():
    assert [name for name, text in texts().items() if PLACES.search(text)] == []


def test_lock_files_name_public_registries_only():
    strange: list[str] = []
    for name, text in texts().items():
        if not name.endswith(("uv.lock", "package-lock.json", "Cargo.lock")):
            continue
        hosts = set(re.findall(r"(?:registry\+|\"|')(https?://[^/\"']+(?:/rust-lang/crates\.io-index)?)", text))
        strange += [f"{name}: {host}" for host in hosts if not name.endswith(REGISTRIES.get(host, "nowhere"))]
    funds = [found for found in strange if "package-lock.json" not in found]
    resolved = [
        name for name, text in texts().items() if name.endswith("package-lock.json") and '"resolved": "http' in text
    ]
    assert funds + resolved == []
