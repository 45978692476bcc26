"""`python -m models alerts`: be told when a chance has moved by so many points since you last looked."""

import argparse
from datetime import UTC, datetime

from models.alerts.check import FAILED, TOLD, check, looked
from models.alerts.watches import Watch, Watches, new_id, new_secret
from models.answers.drawn import Drawn
from models.assumptions.setting import Assumptions
from models.commands.options.line import Parsers, actions, add_json, answer, command, note, percent
from models.commands.options.settings import SETTINGS_HELP, add_settings, chosen_assumptions
from models.errors import FormatError
from models.names import STATES
from models.text.output import print_json

DESCRIPTION = """\
Tell an address of yours (a webhook) when a chance has moved by so many points since it was last told, or since you said
that you looked. Watches lie in this user's own folder; `alerts check` compares and tells. Run it from cron or a systemd
timer, and after `evidence update`; it asks nobody but the addresses that were given.

A message is signed as Standard Webhooks has it (docs/api.md), tried four times, and told again at the next check where
nobody took it. Without a webhook: the page's Share button gives a feed of the same moves.
"""
EXAMPLES = """\
examples:
  python -m models alerts add --url https://example.org/hook --state rupture --year 2028 --points 5
  python -m models alerts check
  python -m models alerts list
  python -m models alerts seen 1f3a9c0b
"""


def add(commands: Parsers) -> None:
    """Add the actions."""
    more = {"description": DESCRIPTION, "epilog": EXAMPLES}
    group = actions(command(commands, "alerts", "be told when a chance has moved", **more))
    new = command(group, "add", "watch a chance", run_add, epilog=SETTINGS_HELP)
    new.add_argument("--url", required=True, help="where to tell it, https")
    new.add_argument("--state", required=True, choices=STATES)
    new.add_argument("--year", required=True, type=int, metavar="YEAR", help="the chance is that of its last day")
    new.add_argument("--points", required=True, type=float, metavar="N", help="how far it must have moved")
    new.add_argument("--private", action="store_true", help="the address may lie in a private network, and be http")
    add_settings(new)
    for parser, text in (
        (command(group, "seen", "you looked: measure from now", run_seen), "the watch"),
        (command(group, "remove", "watch no longer", run_remove), "the watch"),
    ):
        parser.add_argument("watch", metavar="WATCH", help=text)
    add_json(command(group, "list", "list the watches", run_list), "the watches, without their secrets")
    add_json(command(group, "check", "compare, and tell what moved", run_check), "what became of each")


def run_add(args: argparse.Namespace) -> int:
    """Watch a chance."""
    evidence = args.context.evidence()
    setting = chosen_assumptions(args, evidence.claims)
    drawn = Drawn.of(evidence, args.context.library(evidence), setting)
    watch = Watch(
        id=new_id(),
        url=args.url,
        secret=new_secret(),
        state=args.state,
        year=args.year,
        points=args.points,
        values={key: setting.values[key] for key in setting.changed},
        private=args.private,
        seen=0.0,
        seen_as_of=evidence.as_of,
    )
    watch = looked(watch, drawn.forecast)
    with Watches.own().changing() as kept:
        kept.append(watch)
    print(f"Watch {watch.id}: {watch.state} at the end of {watch.year}, {percent(watch.seen)} now.")
    print(f"Its secret, shown once: {watch.secret}")
    return 0


def run_list(args: argparse.Namespace) -> int:
    """List them."""
    watches = Watches.own().read()
    if args.json:
        print_json([watch.shown for watch in watches])
    else:
        print("\n".join(_line(watch) for watch in watches) or "Nothing is watched.")
    return 0


def run_seen(args: argparse.Namespace) -> int:
    """Take the chance of now as seen."""
    with Watches.own().changing() as kept:
        place = _place(kept, args.watch)
        kept[place] = looked(kept[place], _asker(args)(kept[place]).forecast)
    print(_line(kept[place]))
    return 0


def run_remove(args: argparse.Namespace) -> int:
    """Forget a watch."""
    with Watches.own().changing() as kept:
        removed = kept.pop(_place(kept, args.watch))
    print(f"Removed {removed.id}.")
    return 0


def run_check(args: argparse.Namespace) -> int:
    """Compare and tell."""
    outcomes = check(Watches.own(), _asker(args), datetime.now(UTC))
    for failed in (each for each in outcomes if each.outcome == FAILED):
        note(f"Watch {failed.watch.id}: {failed.why}")
    lines = [f"{each.outcome:13} {_line(each.watch)}" for each in outcomes]
    told = sum(each.outcome == TOLD for each in outcomes)
    answer(args, [each.fields for each in outcomes], "\n".join([*lines, f"{len(outcomes)} watched, {told} told."]))
    return int(any(each.outcome == FAILED for each in outcomes))


def _asker(args: argparse.Namespace):
    """Asks the forecast of a watch, with evidence and draws that are read once."""
    evidence = args.context.evidence()
    library = args.context.library(evidence)

    def ask(watch: Watch) -> Drawn:
        return Drawn.of(evidence, library, Assumptions.defaults(evidence.claims).replace(dict(watch.values)))

    return ask


def _place(watches: list[Watch], identifier: str) -> int:
    places = [place for place, watch in enumerate(watches) if watch.id == identifier]
    if not places:
        known = ", ".join(watch.id for watch in watches) or "none"
        raise FormatError(f"got the watch {identifier[:40]!r}, expected one of {known}; `alerts list` shows them")
    return places[0]


def _line(watch: Watch) -> str:
    moved = ", ".join(f"{key}={value:g}" for key, value in watch.values.items()) or "defaults"
    seen = f"seen {percent(watch.seen)} as of {watch.seen_as_of}"
    return f"{watch.id}  {watch.state} {watch.year}, {watch.points:g} points, {seen} ({moved})  {watch.url}"
