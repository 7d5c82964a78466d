"""`serve` and `status`: run the node, and tell how it stands."""

import asyncio
from pathlib import Path
from typing import Annotated, Any

import msgspec
from cyclopts import Parameter

from parley.cli.words import grouped, say
from parley.runtime.desk import open_desk
from parley.runtime.folder import SideFolder


def serve(folder: Path) -> int:
    """Run this side's node until SIGTERM. Prints `ready URL` when browsers may come; the log is JSON on standard error."""
    from parley.runtime import serving  # noqa: PLC0415 -- the web framework is slow to import and no other command needs it

    serving.set_up_logs()
    return asyncio.run(serving.serve(folder, lambda url: print(f"ready {url}", flush=True)))


def status(folder: Path, *, json: Annotated[bool, Parameter(name="--json")] = False) -> None:
    """Tell how this side stands: line, meeting, seats, what crosses.

    Parameters
    ----------
    folder
        The folder of this side.
    json
        Print everything, for programs.
    """
    with open_desk(SideFolder(folder)) as desk:
        found = desk.status()
    if json:
        print(msgspec.json.encode(found).decode())
    else:
        print("\n".join(_lines(found, folder)))


def _lines(found: dict[str, Any], folder: Path) -> list[str]:
    line = found["line"]
    told = [
        f"{found['side']['en']} {found['side']['ko']}: "
        + say("running" if found["running"] else "standing", dir=folder),
        say("head_line", state=line["state"], reason=line["reason"]).rstrip(),
    ]
    if line["state"] == "unconfirmed":
        told.append(grouped(line["number"]))
    if line["rtt_ms"] is not None:
        told.append(f"  {line['rtt_ms']:.1f} ms, {(line['loss'] or 0) * 100:.1f} % loss")
    told.append(say("head_meeting", state=found["meeting"]["state"]))
    told += [f"  {s['id']}  {s['role']:<10} {'*' if s['present'] else ' '} {s['name']}" for s in found["seats"]]
    told += [f"! {r['what']} ({r['count']}): {r['detail']}" for r in found["remarks"]]
    return told
