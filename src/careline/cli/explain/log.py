"""What Careline makes of an event log."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from careline.cli.say import answer, say, table
from careline.kit.refusals import Refused

if TYPE_CHECKING:
    from careline.insights.warehouse.answers import Between, Flow, Reached, Rework
    from careline.insights.warehouse.engine import Connection

SHOWN = 10
DAYS = 3650
Told = dict[str, Any]


def run(options: argparse.Namespace) -> None:
    from careline.cli import composition
    from careline.insights.warehouse import logs, questions, walks

    options.days = options.days if options.days is not None else DAYS
    _must_make_sense(options)
    [file] = options.file
    composition.without_house()
    try:
        with logs.opened(file, case=options.case, memory=composition.memory()) as log:
            edges = questions.journey_map(log.conn)
            kinds = questions.activities(log.conn)
            variants = questions.variants(log.conn, limit=SHOWN)
            rework = walks.rework(log.conn, limit=SHOWN)
            asked = _asked(log.conn, options)
    except logs.NotALog as error:
        raise Refused(str(error)) from None
    found: Told = {
        "cases": variants.customers, "events": log.events, "activities": len(kinds), "variants": variants.variants,
        "top_variant": variants.items[0].n if variants.items else 0, "edges": len(edges), "refused": log.refused,
        "cases_with_rework": rework.again, "repeats": rework.repeats,
    }  # fmt: skip
    if options.json:
        import msgspec

        answer(found | msgspec.to_builtins(asked))
        return
    table((name.replace("_", " "), f"{value:,}") for name, value in found.items())
    say(f"\nBy “{log.case}”, “{log.activity}”" + (f" and “{log.time}”." if log.time else ", in the order of the file."))
    say("\nWhat follows what most often, with the median and the ninetieth percentile between:")
    table(
        (f"{edge.n:,}  {edge.start} → {edge.to}", f"{_long(edge.median)}, {_long(edge.p90)}") for edge in edges[:SHOWN]
    )
    say("\nThe most frequent ways:")
    for variant in variants.items[:SHOWN]:
        say(f"  {variant.n:,}  {' → '.join(variant.steps)}")
    _tell_rework(rework)
    _tell_asked(asked, options)


def _must_make_sense(options: argparse.Namespace) -> None:
    if len(options.file) != 1 or options.body:
        raise Refused("One log is read at a time; --body belongs to mails.")
    if (options.strict or options.exclude) and not options.funnel:
        raise Refused("--strict and --exclude belong to --funnel.")
    if options.strict and options.exclude:
        raise Refused("In strict order nothing happens between the steps, so nothing is excluded.")
    if not 1 <= options.days <= DAYS:
        raise Refused(f"--days is a number from 1 to {DAYS}.")


def _asked(conn: Connection, options: argparse.Namespace) -> Told:
    """What was asked for beyond what is always told."""
    from careline.insights.warehouse import questions, walks

    asked: Told = {}
    window = timedelta(days=options.days)
    if options.funnel:
        never = dict.fromkeys(range(2, len(options.funnel) + 1), options.exclude) if options.exclude else {}
        asked["funnel"] = questions.funnel(conn, options.funnel, window=window, strict=options.strict, never=never)
    if options.between:
        until = questions.last(conn) or datetime.fromtimestamp(0, UTC)
        asked["between"] = walks.between(conn, *options.between, window=window, until=until)
    if options.after:
        asked["after"] = walks.flow(conn, options.after)
    if options.before:
        asked["before"] = walks.flow(conn, options.before, back=True)
    return asked


def _tell_rework(rework: Rework) -> None:
    if not rework.again:
        return
    say("\nWhat is done again: directly and after others, in how many cases; such cases take, and those with it once:")
    table(
        (
            f"{one.direct:,} + {one.round:,}  {one.kind}",
            f"{one.again:,} of {one.cases:,} cases; {_long(one.longer)}, {_long(one.once)}",
        )
        for one in rework.steps
    )
    say("\nThe most frequent ways back to a step, with the median between:")
    table((f"{one.n:,}  {' → '.join((one.kind, *one.over, one.kind))}", _long(one.median)) for one in rework.loops)


def _tell_asked(asked: Told, options: argparse.Namespace) -> None:
    if "funnel" in asked:
        say("\nHow many came as far, with the median time from the first step:")
        table(_steps(asked["funnel"]))
    if "between" in asked:
        say(f"\nFrom {options.between[0]} to {options.between[1]}:")
        table(_times(asked["between"]))
    for way in ("after", "before"):
        if way in asked:
            say(f"\nWhat comes {way} {getattr(options, way)}, step by step:")
            table(_ways(asked[way]))


def _steps(reached: list[Reached]) -> Iterator[tuple[str, str]]:
    for one in reached:
        beside = f"; {one.excluded:,} by a way that does not count" if one.excluded else ""
        yield f"{one.n:,}  {one.kind}", f"{_long(one.median)}{beside}"


def _times(found: Between) -> Iterator[tuple[str, str]]:
    times = found.times
    yield "answered", f"{times.n:,}"
    yield "unanswered", f"{times.unanswered:,}"
    yield "waiting still", f"{times.waiting:,}"
    yield "median", _long(times.median)
    yield "ninetieth percentile", _long(times.p90)
    for one in found.bins:
        if one.n:
            yield f"from {_long(one.low)}", f"{one.n:,}"


def _ways(flow: Flow) -> Iterator[tuple[str, str]]:
    for node in flow.nodes:
        ends = f"; {node.stops:,} of them {'begin' if node.step < 0 else 'end'} here" if node.stops else ""
        yield f"{node.step:+d}  {node.kind or 'others'}" if node.step else f" 0  {node.kind}", f"{node.n:,}{ends}"


def _long(microseconds: float | None) -> str:
    return "–" if microseconds is None else str(timedelta(seconds=round(microseconds / 1e6)))
