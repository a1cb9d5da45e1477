"""From runs to rows: better thread counts, ratios, means."""

import math
import statistics
from typing import NamedTuple, Optional

from sidebyside.contest import CELLS, CONFIGURATIONS, OURS, TOKENS

CAP = 4


class Best(NamedTuple):
    """A contender's answer for a row: its better thread count, or why it has none."""

    status: str
    value: Optional[float] = None
    threads: Optional[int] = None
    runs: int = 0
    disturbed: bool = False
    extra: Optional[dict] = None


def best(runs, value):
    """The lowest of the medians over rounds, among thread counts."""
    candidates = []
    for threads in sorted({r["threads"] for r in runs}, key=lambda n: n or 0):
        fine = [r for r in runs if r["threads"] == threads and r["status"] == "ok"]
        values = [value(r) for r in fine]
        values = [v for v in values if v is not None]
        if not values:
            continue
        extra = {
            "first_ms": median(r["result"].get("first_ms_since_start") for r in fine),
            "process_ms": median(1000 * r["wall_s"] for r in fine),
            "rss_mb": max(r["rss_mb"] for r in fine),
            "spread": round(max(values) / min(values), 3),
        }
        used = threads or fine[0]["result"].get("threads")
        disturbed = any(r["disturbed"] for r in fine)
        candidates.append(
            Best("ok", statistics.median(values), used, len(values), disturbed, extra)
        )
    if candidates:
        return min(candidates, key=lambda b: b.value)
    statuses = [r["status"] for r in runs]
    return Best(next((s for s in statuses if s != "ok"), "no answer"))


def median(values):
    known = [v for v in values if v is not None]
    return statistics.median(known) if known else None


def rows(records, table):
    """One row for each configuration and cell, in the order in which they ran."""
    key = "tenth_ms_since_start" if table == "start" else "median_ms"
    runs = [r for r in records if r["record"] == "run" and r["table"] == table and r["counted"]]
    answer = []
    for name, cell in dict.fromkeys((r["configuration"], r["cell"]) for r in runs):
        here = [r for r in runs if (r["configuration"], r["cell"]) == (name, cell)]
        found = {
            contender: best(
                [r for r in here if r["contender"] == contender], lambda r: r["result"].get(key)
            )
            for contender in dict.fromkeys(r["contender"] for r in here)
        }
        answer.append({"configuration": name, "cell": cell, "best": found})
    return answer


def ratio(row, peer, ours=OURS):
    """How many times longer the peer takes; None where one of the two has no answer."""
    own, other = row["best"].get(ours), row["best"].get(peer)
    if own is None or other is None or own.value is None or other.value is None:
        return None
    return other.value / own.value


def ratio_to_fastest(row, peers, ours=OURS):
    known = [r for r in (ratio(row, peer, ours) for peer in peers) if r is not None]
    return min(known) if known else None


def geometric_mean(ratios):
    return math.exp(statistics.fmean(math.log(min(r, CAP)) for r in ratios))


def peers_in(records):
    order = dict.fromkeys(r["contender"] for r in records if r["record"] == "run")
    return [name for name in order if name not in (OURS, TOKENS)]


def means(table, peers):
    """Geometric means over the training configurations of a cell, each ratio capped."""
    answer = []
    training = [r for r in table if CONFIGURATIONS[r["configuration"]].mode == "train"]
    groups = [(cell, [r for r in training if r["cell"] == cell]) for cell in CELLS]
    for cell, here in groups + [("all", training)]:
        columns = {peer: [ratio(r, peer) for r in here] for peer in peers}
        columns["the fastest peer"] = [ratio_to_fastest(r, peers) for r in here]
        columns["the fastest peer, tokens"] = [ratio_to_fastest(r, peers, TOKENS) for r in here]
        for against, ratios in columns.items():
            known = [r for r in ratios if r is not None]
            mean = round(geometric_mean(known), 4) if known else None
            if here:
                counts = {"of": len(known), "rows": len(here)}
                answer.append({"cell": cell, "against": against, "mean": mean, **counts})
    return answer


def peer_versions(records):
    versions = {}
    for r in records:
        if r["record"] == "run" and r["status"] == "ok" and r["contender"] not in (OURS, TOKENS):
            result = r["result"]
            versions[r["contender"]] = f"{result.get('version')} ({result.get('backend')})"
    return versions
