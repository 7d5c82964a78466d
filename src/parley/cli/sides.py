"""`init`, `card`, `pair`, `pair confirm`, `unpair`, `sever`, `restore`, `rate`: a side and its line to the other."""

import sys
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import App, Parameter

from parley.cli.complaint import BAD_INPUT, Complaint, granted
from parley.cli.making import Wishes, make_side
from parley.cli.words import grouped, say
from parley.core.ids import Names
from parley.core.inputs import Ask, ConfirmPairing, Restore, SetRate, Sever, TakeCard, Unpair
from parley.core.line.card import read_body
from parley.keys.authority import fingerprint
from parley.keys.card import CardFault, check_card, sign_card
from parley.keys.private import SideKey
from parley.runtime.config import read_config
from parley.runtime.desk import open_desk, own_card_body
from parley.runtime.folder import SideFolder

pairing = App(name="pair", help="Take the other side's card, or confirm the pairing.")
_Repeated = Parameter(negative=())


def init(
    folder: Path,
    *,
    name: Annotated[list[str], _Repeated],
    listen: str = "",
    web_name: Annotated[list[str] | None, _Repeated] = None,
    media_bind: Annotated[list[str] | None, _Repeated] = None,
    media_host: Annotated[list[str] | None, _Repeated] = None,
    line_bind: str = "",
    line_addr: Annotated[list[str] | None, _Repeated] = None,
    rate: int = 0,
) -> None:
    """Make a side: keys, store, own authority, and a configuration with comments.

    Parameters
    ----------
    folder
        A new or empty folder.
    name
        The side's name, twice: en=… and ko=….
    listen
        Where browsers come in, such as https://0.0.0.0:8443; plain http only on loopback.
    web_name
        A name or address under which browsers come (may be repeated).
    media_bind
        ADDRESS:PORT for picture and sound (may be repeated).
    media_host
        An address of this machine that browsers are told (may be repeated).
    line_bind
        ADDRESS:PORT for the line.
    line_addr
        ADDRESS:PORT by which the other node reaches this one; stands in the card (may be repeated).
    rate
        What the line carries, in kbit/s; 0 when unknown.
    """
    wishes = Wishes(
        _names(name),
        listen,
        web_name or [],
        media_bind or [],
        media_host or [],
        line_bind,
        line_addr or [],
        rate,
    )
    made = make_side(folder, wishes)
    print(say("made", en=wishes.names.en, ko=wishes.names.ko, dir=folder))
    if read_config(made.config).secure:
        print(say("authority", ca=made.authority.ca, print=fingerprint(made.authority.ca)))


def card(folder: Path) -> None:
    """Print this side's card, to be given to the other side's operator. It holds nothing secret."""
    side = SideFolder(folder)
    side.require()
    body = own_card_body(side, read_config(side.config))
    print(sign_card(body, SideKey.load(side.node_key)), end="")


@pairing.default
def pair(folder: Path, card: Annotated[str, Parameter(allow_leading_hyphen=True)]) -> None:
    """Take the other side's card and print the 60-digit number that both operators compare.

    Parameters
    ----------
    folder
        The folder of this side.
    card
        The other side's card: a file, - for standard input, or the text itself.
    """
    try:
        body, signature = check_card(_card_text(card))
    except CardFault as fault:
        raise Complaint(f"{fault}.", BAD_INPUT) from None
    with open_desk(SideFolder(folder)) as desk:
        done = granted(desk.ask(TakeCard(body, signature)))
    names = read_body(body).names
    print(say("card_of", en=names.en, ko=names.ko))
    print(say("compare"))
    print(grouped(done.number or ""))


@pairing.command
def confirm(folder: Path, *, number: str | None = None, yes: bool = False) -> None:
    """Confirm that both sides have the same number; only then the line may open.

    Parameters
    ----------
    folder
        The folder of this side.
    number
        The other side's number, 60 digits; spaces do not matter. Without it the own one is shown and you are asked.
    yes
        Do not ask: the numbers were compared.
    """
    with open_desk(SideFolder(folder)) as desk:
        own = str(desk.status()["line"]["number"] or "")
        if number is not None:
            typed = "".join(number.split())
            if len(typed) != 60 or not (typed.isascii() and typed.isdigit()):
                raise Complaint(say("number_long", found=repr(number)), BAD_INPUT)
        elif own and not yes:
            typed = own if _asked(own) else ""
            if not typed:
                raise Complaint(say("not_confirmed"))
        else:
            typed = own
        granted(desk.ask(ConfirmPairing(typed)))
    print(say("confirmed"))


def unpair(folder: Path) -> None:
    """Forget the other side. The line closes; an open meeting is left first."""
    _do(folder, Unpair(), say("unpaired"))


def sever(folder: Path) -> None:
    """Close the line by declaration; needs nobody's consent."""
    _do(folder, Sever(), say("severed"))


def restore(folder: Path) -> None:
    """Let the line come up again after it was severed."""
    _do(folder, Restore(), say("restored"))


def rate(folder: Path, kbit: int) -> None:
    """Set what the line carries, in kbit/s; 0 when unknown. A running node obeys at once."""
    if not 0 <= kbit <= 100_000_000:
        raise Complaint(f"{kbit} kbit/s: between 0 and 100000000.", BAD_INPUT)
    _do(folder, SetRate(kbit), say("rate", kbit=kbit))


def _do(folder: Path, ask: Ask, sentence: str) -> None:
    with open_desk(SideFolder(folder)) as desk:
        granted(desk.ask(ask))
    print(sentence)


def _names(given: list[str]) -> Names:
    found = dict(word.split("=", 1) for word in given if "=" in word)
    if len(given) != 2 or set(found) != {"en", "ko"}:
        raise Complaint(say("name_twice", found=" ".join(given)), BAD_INPUT)
    try:
        return msgspec.convert({key: value.strip() for key, value in found.items()}, Names)
    except msgspec.ValidationError:
        raise Complaint(say("name_twice", found=" ".join(given)), BAD_INPUT) from None


def _card_text(given: str) -> str:
    if given == "-":
        return sys.stdin.read(65536)
    if given.lstrip().startswith("{"):
        return given
    try:
        return Path(given).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not text"
        raise Complaint(say("card_unreadable", found=given, why=why), BAD_INPUT) from None


def _asked(number: str) -> bool:
    print(grouped(number))
    try:
        return input(say("ask_same")).strip().lower() in ("y", "yes", "예", "네")
    except EOFError:
        return False
