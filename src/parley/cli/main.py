"""The `parley` command. Exit code 0: done; 1: it could not be done; 2: something typed cannot be."""

import sys
from importlib.metadata import version

from cyclopts import App, CycloptsError

from parley.cli.complaint import BAD_INPUT, FAILED, Complaint
from parley.cli.reports import serve, status
from parley.cli.seats import seat
from parley.cli.sides import card, init, pairing, rate, restore, sever, unpair
from parley.engine.adapter import EngineFault
from parley.keys.private import KeyFault
from parley.runtime.config import ConfigFault
from parley.runtime.desk import DeskFault
from parley.runtime.folder import FolderFault
from parley.runtime.loop import Broken
from parley.store.journal import JournalFault


def demo(*tokens: str) -> int:
    """Run two sides on this machine, with a line between them that can be cut."""
    from parley.demo.run import demo_command  # noqa: PLC0415 -- a real side never needs it

    return _run(App(default_command=demo_command, name="parley demo", result_action="return_value"), list(tokens))


def make_command() -> App:
    """Put the commands together."""
    app = App(
        name="parley",
        help="Talks by video between two sides: each runs its own node, one line joins them, there is no host.",
        version=version("parley"),
        result_action="return_value",
    )
    for command in (init, card, unpair, sever, restore, rate, serve, status):
        app.command(command)
    app.command(pairing)
    app.command(seat)
    return app


def main() -> None:
    """Run the command line."""
    words = sys.argv[1:]
    sys.exit(demo(*words[1:]) if words[:1] == ["demo"] else _run(make_command(), words))


def _run(app: App, words: list[str]) -> int:
    try:
        result = app(words, exit_on_error=False, print_error=False)
    except CycloptsError as error:
        return _complain(str(error), BAD_INPUT)
    except Complaint as complaint:
        return _complain(str(complaint), complaint.code)
    except (ConfigFault, FolderFault) as fault:
        return _complain(str(fault), BAD_INPUT)
    except (KeyFault, JournalFault, EngineFault, DeskFault, Broken, OSError) as fault:
        return _complain(str(fault), FAILED)
    except KeyboardInterrupt:
        return 130
    return result if isinstance(result, int) and not isinstance(result, bool) else 0


def _complain(sentence: str, code: int) -> int:
    print(f"parley: {sentence}", file=sys.stderr)
    return code


if __name__ == "__main__":
    main()
