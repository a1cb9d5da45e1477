"""Rows as Markdown."""

import statistics

from sidebyside.contest import NOISE, OURS, TOKENS
from sidebyside.rows import CAP, means, peer_versions, peers_in, ratio, ratio_to_fastest, rows

SPREAD = 1.15


def milliseconds(value):
    if value is None:
        return "-"
    return f"{value:.0f}" if value >= 1000 else f"{value:#.3g}".rstrip(".")


def times(value):
    return "-" if value is None else f"{value:.2f}"


def cell_text(found):
    if found is None:
        return "-"
    if found.value is None:
        return found.status
    marks = " ~" if found.disturbed else ""
    marks += " *" if found.extra and found.extra["spread"] > SPREAD else ""
    return milliseconds(found.value) + marks


def markdown(head, lines):
    text = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(text + ["| " + " | ".join(line) + " |" for line in lines])


def threads_text(found):
    return "-" if found is None or found.threads is None else str(found.threads)


def training_table(table, peers):
    head = ["configuration", "cell", "Lookback, ms", "threads"]
    for peer in peers:
        head += [f"{peer}, ms", "threads", "ratio"]
    head += ["Lookback with tokens, ms", "ratio to the fastest peer"]
    lines = []
    for row in table:
        found = row["best"]
        line = [row["configuration"], row["cell"]]
        line += [cell_text(found.get(OURS)), threads_text(found.get(OURS))]
        for peer in peers:
            other = found.get(peer)
            line += [cell_text(other), threads_text(other), times(ratio(row, peer))]
        line += [cell_text(found.get(TOKENS)), times(ratio_to_fastest(row, peers, TOKENS))]
        lines.append(line)
    return markdown(head, lines)


def means_table(averages):
    columns = list(dict.fromkeys(m["against"] for m in averages))
    lines = []
    for cell in dict.fromkeys(m["cell"] for m in averages):
        here = [m for m in averages if m["cell"] == cell]
        lines.append([cell] + [f"{times(m['mean'])} ({m['of']} of {m['rows']})" for m in here])
    return markdown(["cell"] + columns, lines)


def start_table(table, peers):
    head = ["configuration", "cell"]
    for name in ["Lookback"] + peers:
        head += [f"{name}: first", "tenth", "process"]
    head += [f"ratio to {peer}" for peer in peers]
    lines = []
    for row in table:
        line = [row["configuration"], row["cell"]]
        for name in [OURS] + peers:
            found = row["best"].get(name)
            extra = found.extra if found and found.extra else {}
            line += [
                milliseconds(extra.get("first_ms")),
                cell_text(found),
                milliseconds(extra.get("process_ms")),
            ]
        lines.append(line + [times(ratio(row, peer)) for peer in peers])
    return markdown(head, lines)


def machine_text(machine):
    flags = [flag for flag in ("avx2", "avx512") if machine[flag]]
    extra = "".join(f" {name}={value}." for name, value in machine["environment"].items())
    return (
        f"{machine['date']}, commit {machine['commit']}. {machine['model']}, {machine['cores']}"
        f" cores, {' and '.join(flags) or 'neither avx2 nor avx512'}; kernel {machine['kernel']}."
        f" Lookback on {machine['java']}, peers on {machine['peer_java']}."
        f" Rounds: {machine['rounds']}, of at most {machine['seconds']:g} s a run.{extra}"
    )


def versions_text(versions):
    return "Peers: " + ", ".join(f"{peer} {v}" for peer, v in versions.items()) + "."


def notes(records):
    """What went wrong, and how loud the machine was."""
    runs = [r for r in records if r["record"] == "run"]
    counted = [r for r in runs if r["counted"]]
    lines = []
    if counted:
        shares = [r["foreign"] + r["stolen"] for r in counted]
        lines.append(
            f"Others took {100 * statistics.median(shares):.1f} % of the processors in the median"
            f" run and {100 * max(shares):.1f} % in the loudest of {len(counted)};"
            f" {len(runs) - len(counted)} runs were repeated."
            f" ~ marks a number with a run above {100 * NOISE:.0f} %, * one whose rounds differ"
            f" by more than {100 * (SPREAD - 1):.0f} %."
        )
        paces = [r["pace_ms"] for r in counted]
        lines.append(
            "A loop that is always the same took"
            f" {milliseconds(min(paces))} to {milliseconds(max(paces))} ms between the runs: what a"
            " virtual machine's neighbours take shows only there."
        )
    for r in counted:
        if r["status"] not in ("ok", "no GRU layer"):
            threads = f" at {r['threads']} threads" if r["threads"] else ""
            lines.append(
                f"- {r['table']} {r['configuration']} {r['cell']}, {r['contender']}{threads},"
                f" round {r['round'] + 1}: {r['status']}. {r['message']}"
            )
    return "\n".join(lines)


def page(records):
    """The whole answer as Markdown."""
    peers = peers_in(records)
    parts = [machine_text(r) for r in records if r["record"] == "machine"]
    versions = peer_versions(records)
    parts += [versions_text(versions)] if versions else []
    training, start = rows(records, "training"), rows(records, "start")
    if training:
        parts += [
            "Median milliseconds of an iteration. A ratio is the peer's over ours: above 1,"
            " Lookback is faster. Both are given dense one-hot rows, but for the last two columns,"
            " where Lookback is given tokens.",
            training_table(training, peers),
            f"Geometric means of the training rows' ratios, each capped at {CAP}:",
            means_table(means(training, peers)),
        ]
    if start:
        parts += [
            "Start: milliseconds from the JVM's start to the end of the first and of the tenth"
            " update, and of the whole process of ten updates, its launcher and its end included."
            " Ratios are of the tenth.",
            start_table(start, peers),
        ]
    return "\n\n".join(parts + [notes(records)]) + "\n"
