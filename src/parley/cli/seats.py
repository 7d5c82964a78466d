"""`seat add`, `seat list`, `seat revoke`: who has a place in this side's delegation."""

import secrets
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import App, Parameter

from parley.cli.complaint import BAD_INPUT, Complaint, granted
from parley.cli.words import say
from parley.core.ids import Name, Role, SeatId
from parley.core.inputs import AddSeat, RevokeSeat
from parley.runtime.config import read_config
from parley.runtime.desk import open_desk
from parley.runtime.folder import SideFolder
from parley.web.door import digest, new_secret

seat = App(name="seat", help="The seats of this side's delegation.")


@seat.command
def add(folder: Path, *, name: str, role: Role, json: Annotated[bool, Parameter(name="--json")] = False) -> None:
    """Make a seat and print its one-time link.

    Parameters
    ----------
    folder
        The folder of this side.
    name
        The person's name, as everybody at the table sees it.
    role
        What the person may do.
    json
        Print {"id", "name", "role", "link"} instead of words.
    """
    try:
        name = msgspec.convert(name.strip(), Name)
    except msgspec.ValidationError:
        raise Complaint(f"--name {name!r}: a name has 1 to 64 visible characters.", BAD_INPUT) from None
    side = SideFolder(folder)
    token, made = new_secret(), secrets.token_hex(8)
    with open_desk(side) as desk:
        granted(desk.ask(AddSeat(made, name, role, digest(token))))
    link = f"{read_config(side.config).origins[0]}/join#{token}"
    if json:
        print(msgspec.json.encode({"id": made, "name": name, "role": role, "link": link}).decode())
    else:
        print(say("link", name=name, role=role, seat=made))
        print(link)


@seat.command(name="list")
def list_seats(folder: Path, *, json: Annotated[bool, Parameter(name="--json")] = False) -> None:
    """Print all seats of this side."""
    with open_desk(SideFolder(folder)) as desk:
        seats = desk.status()["seats"]
    if json:
        print(msgspec.json.encode(seats).decode())
        return
    if not seats:
        print(say("no_seats"))
    for one in seats:
        state = "present" if one["present"] else "away" if one["enrolled"] else "link not used yet"
        print(f"{one['id']}  {one['role']:<10}  {state:<17}  {one['name']}")


@seat.command
def revoke(folder: Path, seat: str) -> None:
    """End a seat: its link, its session and its media, at once."""
    try:
        seat = msgspec.convert(seat, SeatId)
    except msgspec.ValidationError:
        raise Complaint(
            f"{seat!r} is no seat: a seat's id has 16 digits, see: parley seat list {folder}", BAD_INPUT
        ) from None
    with open_desk(SideFolder(folder)) as desk:
        granted(desk.ask(RevokeSeat(seat)))
    print(say("revoked", seat=seat))
