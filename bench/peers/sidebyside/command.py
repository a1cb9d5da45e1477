"""The command line."""

import argparse
import datetime
import json
import pathlib

from sidebyside.contest import CELLS, CONFIGURATIONS, OURS, PEERS, START_CONFIGURATIONS, TOKENS
from sidebyside.machine import ROOT, machine
from sidebyside.page import page
from sidebyside.rows import CAP, Best, means, peer_versions, peers_in, ratio, rows
from sidebyside.suite import Records, Suite, say

DESCRIPTION = "Times Lookback and other libraries side by side, and writes a table of ratios."
HERE = ROOT / "bench" / "peers"


def listed(known):
    def parse(text):
        words = [word for word in text.split(",") if word]
        for word in words:
            if word not in known:
                raise argparse.ArgumentTypeError(f"'{word}' is not one of {', '.join(known)}")
        return words

    return parse


def positive(kind):
    def parse(text):
        value = kind(text)
        if not value > 0:
            raise argparse.ArgumentTypeError(f"{text} is not above 0")
        return value

    parse.__name__ = kind.__name__
    return parse


def parse(words):
    parser = argparse.ArgumentParser(prog="side-by-side", description=DESCRIPTION)
    add = parser.add_argument
    add("--configurations", type=listed(CONFIGURATIONS), default=list(CONFIGURATIONS),
        metavar="A,B", help="of " + ", ".join(CONFIGURATIONS))
    add("--cells", type=listed(CELLS), default=CELLS, metavar="A,B", help="of " + ", ".join(CELLS))
    add("--peers", type=listed(PEERS), default=["libtorch", "dl4j"], metavar="A,B",
        help="of " + ", ".join(PEERS) + "; libtorch alone is the one with MKL")
    add("--tables", type=listed(["training", "start"]), default=["training", "start"],
        metavar="A,B", help="training (with the single step), start")
    add("--rounds", type=positive(int), default=2, metavar="N", help="runs of each (2)")
    add("--seconds", type=positive(float), default=5.0, metavar="S",
        help="most that a run is timed, and most that it warms up (5; six times that for large)")
    add("--timeout", type=positive(float), metavar="S", help="most that a process may take")
    add("--out", type=pathlib.Path, metavar="DIR", help="where the answers go")
    add("--java", metavar="HOME", help="JAVA_HOME for Lookback; else that of the environment")
    add("--peer-java", metavar="HOME", help="JAVA_HOME for the peers")
    add("--lookback", default=str(ROOT / "lookback"), metavar="PROGRAM", help="another Lookback")
    add("--peer", default=str(HERE / "peer"), metavar="PROGRAM", help="another launcher of peers")
    add("--read", type=pathlib.Path, nargs="+", metavar="FILE",
        help="run nothing; print the tables of these side-by-side.jsonl together")
    return parser.parse_args(words)


def read(paths):
    records = []
    for path in paths:
        with open(path) as file:
            records += [json.loads(line) for line in file]
    return records


def main(words):
    options = parse(words)
    if options.read:
        print(page(read(options.read)), end="")
        return 0
    stamp = datetime.datetime.now().strftime("%Y-%m-%dT%H%M%S")
    folder = options.out or HERE / "target" / stamp
    folder.mkdir(parents=True, exist_ok=True)
    records = Records(folder / "side-by-side.jsonl")
    suite = Suite(options, records)
    suite.warm_caches()
    records.write(machine(options))
    try:
        for table in options.tables:
            names = options.configurations
            if table == "start":
                names = [name for name in names if name in START_CONFIGURATIONS]
            for name in names:
                for cell in options.cells:
                    suite.measure(table, name, cell)
    except KeyboardInterrupt:
        say("interrupted; the answers so far follow")
    conclude(records)
    text = page(records.all)
    (folder / "side-by-side.md").write_text(text)
    print(text, end="")
    say(f"written to {folder}/side-by-side.md and side-by-side.jsonl")
    return 1 if any(r.get("status") in ("failed", "timed out") for r in records.all) else 0


def conclude(records):
    """Writes down what follows from the runs."""
    peers = peers_in(records.all)
    records.write({"record": "peers", "versions": peer_versions(records.all)})
    for table in ("training", "start"):
        for row in rows(records.all, table):
            records.write(row_record(table, row, peers))
    for mean in means(rows(records.all, "training"), peers):
        records.write({"record": "mean", "cap": CAP, **mean})


def row_record(table, row, peers):
    ours = row["best"].get(OURS, Best("no answer"))
    tokens = row["best"].get(TOKENS)
    return {
        "record": "row",
        "table": table,
        "configuration": row["configuration"],
        "cell": row["cell"],
        "ours": ours._asdict(),
        "tokens": tokens._asdict() if tokens else None,
        "peers": {p: row["best"][p]._asdict() for p in peers if p in row["best"]},
        "ratios": {p: ratio(row, p) for p in peers},
    }
