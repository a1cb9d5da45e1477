"""Runs in rounds, and what came of each."""

import json
import os
import sys
import time

from sidebyside import process
from sidebyside.contest import CONFIGURATIONS, NOISE, OURS, PEERS, TOKENS, Contender
from sidebyside.page import milliseconds

ATTEMPTS = 4
PAUSE = 5
COSTS = ["wall_s", "cpu_s", "rss_mb", "foreign", "stolen", "pace_ms"]


def last_line(text):
    lines = text.strip().splitlines()
    return lines[-1].strip() if lines else ""


def outcome(contender, raw):
    """Status, message and result of a run: what a failing program said is kept."""
    if raw["late"]:
        return "timed out", f"no answer after {raw['wall_s']:.0f} s", None
    if raw["exit"] == 2 and "no GRU layer" in raw["err"]:
        return "no GRU layer", last_line(raw["err"]), None
    if raw["exit"] != 0:
        return "failed", f"exit {raw['exit']}: {last_line(raw['err'])}", None
    try:
        # Lookback may spread its object over lines; a peer prints one.
        result = json.loads(raw["out"] if contender.ours() else last_line(raw["out"]))
    except ValueError:
        result = None
    if not isinstance(result, dict):
        return "failed", f"no JSON but: {last_line(raw['out'])[:200]}", None
    if contender.ours():
        result = named_as_peers(result)
    elif result.get("backend") not in PEERS[contender.name]:
        return "failed", f"runs on {result.get('backend')}", None
    if not isinstance(result.get("median_ms"), (int, float)):
        return "failed", "no median in the answer", None
    return "ok", "", result


def named_as_peers(result):
    """Lookback's answer with the peers' names."""
    names = {
        "ms_per_step": "median_ms",
        "first_ms": "first_ms_since_start",
        "tenth_ms": "tenth_ms_since_start",
    }
    return {names.get(name, name): value for name, value in result.items()}


class Suite:
    """Runs contenders in rounds, repeats what was disturbed and writes every run down at once."""

    def __init__(self, options, records):
        self.options = options
        self.records = records
        self.given_up = set()

    def command(self, contender):
        if contender.ours():
            return [self.options.lookback]
        return [self.options.peer]

    def environment(self, contender):
        environment = dict(os.environ)
        home = self.options.java if contender.ours() else self.options.peer_java
        if home:
            environment["JAVA_HOME"] = home
        return environment

    def contenders(self, table):
        threads = sorted({1, process.cores()})
        peers = [Contender(peer, n) for peer in self.options.peers for n in threads]
        return [Contender(OURS)] + peers + ([Contender(TOKENS)] if table == "training" else [])

    def warm_caches(self):
        """Builds Lookback and lets JavaCPP unpack its libraries: once, and not counted."""
        for contender in self.contenders("start"):
            if contender.threads in (None, 1):
                say(f"{contender.name}: a first run, not counted")
                record = self.once("start", "tiny", "lstm", contender)
                if record["status"] != "ok":
                    say(f"  {record['status']}: {record['message']}")
                needed = contender.ours() and record["status"] != "ok"
                if needed or "is not built" in record["message"]:
                    raise SystemExit("side-by-side: that has to be mended first")

    def measure(self, table, name, cell):
        for number in range(self.options.rounds):
            for contender in self.contenders(table):
                case = (table, name, cell, contender)
                if case in self.given_up:
                    continue
                for record in self.undisturbed(*case):
                    self.records.write({"record": "run", "round": number, **record})
                    if record["status"] in ("no GRU layer", "timed out"):
                        self.given_up.add(case)

    def undisturbed(self, table, name, cell, contender):
        """A run, and its repetitions while others disturb it; the quietest counts."""
        tried = []
        for attempt in range(ATTEMPTS):
            record = self.once(table, name, cell, contender)
            record["disturbed"] = record["foreign"] + record["stolen"] > NOISE
            tried.append(record)
            say(progress(record))
            if not record["disturbed"] or record["status"] != "ok":
                break
            if attempt + 1 < ATTEMPTS:
                say(f"  warning: others took {share(record)} of the processors; once more")
                time.sleep(PAUSE)
        counted = min(tried, key=lambda r: (r["status"] != "ok", r["foreign"] + r["stolen"]))
        for record in tried:
            record["counted"] = record is counted
        return tried

    def once(self, table, name, cell, contender):
        configuration = CONFIGURATIONS[name]
        arguments = contender.arguments(table, configuration, cell, self.options.seconds)
        timeout = self.options.timeout or 60 + 20 * self.options.seconds * configuration.patience
        raw = process.run(self.command(contender) + arguments, self.environment(contender), timeout)
        status, message, result = outcome(contender, raw)
        return {
            "table": table,
            "configuration": name,
            "cell": cell,
            "contender": contender.name,
            "threads": contender.threads,
            "status": status,
            "message": message,
            "arguments": arguments,
            **{key: raw[key] for key in COSTS},
            "result": result,
        }


def share(record):
    return f"{100 * (record['foreign'] + record['stolen']):.0f} %"


def progress(record):
    threads = f" at {record['threads']}" if record["threads"] else ""
    answer = record["message"]
    if record["status"] == "ok":
        answer = f"{milliseconds(record['result']['median_ms'])} ms"
        if record["table"] == "start":
            tenth = record["result"].get("tenth_ms_since_start")
            answer = f"tenth after {milliseconds(tenth)} ms"
    return (
        f"{record['table']} {record['configuration']} {record['cell']}"
        f" {record['contender']}{threads}: {answer} ({share(record)} others)"
    )


def say(line):
    print(line, file=sys.stderr, flush=True)


class Records:
    """Lines of JSON, each on the disk before the next run starts."""

    def __init__(self, path):
        self.path = path
        self.all = []
        if path.exists():
            raise SystemExit(f"side-by-side: {path} is there already; name another --out")

    def write(self, record):
        self.all.append(record)
        with open(self.path, "a") as file:
            file.write(json.dumps(record) + "\n")
