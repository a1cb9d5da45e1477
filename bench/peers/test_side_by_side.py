#!/usr/bin/env python3
"""Tests of side-by-side, with programs that answer at once in place of the real ones."""

import contextlib
import io
import json
import pathlib
import stat
import sys
import tempfile
import unittest
from unittest import mock

sys.dont_write_bytecode = True

from sidebyside import command, page, process, rows, suite  # noqa: E402

# Tokens take half as long as dense rows.
LOOKBACK = """#!/usr/bin/env python3
import json, sys
ms = 2.0 if "--dense" in sys.argv else 1.0
print(json.dumps({"ms_per_step": ms, "threads": 2, "first_ms": 300, "tenth_ms": 320}, indent=1))
"""

# libtorch is slower with more threads; dl4j has no GRU and fails for LSTM.
PEER = """#!/usr/bin/env python3
import json, sys, time
words = sys.argv[1:]
name, threads = words[0], int(words[words.index("--threads") + 1])
cell = words[words.index("--cell") + 1]
if name == "dl4j" and cell == "gru":
    sys.exit(print("dl4j: Deeplearning4j 1 has no GRU layer", file=sys.stderr) or 2)
if name == "dl4j" and cell == "lstm":
    sys.exit("no room left")
if name == "dl4j":
    time.sleep(30)
print("a line that is no answer")
print(json.dumps({"median_ms": 3.0 + threads, "version": "9", "backend": "mkl",
                  "first_ms_since_start": 900, "tenth_ms_since_start": 960}))
"""


def record(contender, median_ms, **more):
    """A run that counts."""
    answer = {"record": "run", "table": "training", "configuration": "small", "cell": "lstm"}
    answer |= {"contender": contender, "threads": None, "status": "ok", "counted": True, "round": 0}
    answer |= {"disturbed": False, "wall_s": 1, "rss_mb": 1, "foreign": 0, "stolen": 0}
    answer |= {"pace_ms": 5}
    return answer | {"message": "", "result": {"median_ms": median_ms}} | more


class ArithmeticTest(unittest.TestCase):
    def test_a_ratio_is_of_medians_at_the_peers_better_thread_count(self):
        runs = [record("lookback", ms) for ms in (1, 2, 9)]
        runs += [record("libtorch", ms, threads=1) for ms in (5, 6, 7)]
        runs += [record("libtorch", ms, threads=2) for ms in (4, 8, 9)]
        (row,) = rows.rows(runs, "training")
        self.assertEqual(3, rows.ratio(row, "libtorch"))
        self.assertEqual(1, row["best"]["libtorch"].threads)

    def test_only_runs_that_count_are_read(self):
        runs = [record("lookback", 2), record("lookback", 50, counted=False)]
        (row,) = rows.rows(runs, "training")
        self.assertEqual(2, row["best"]["lookback"].value)

    def test_a_mean_caps_each_ratio(self):
        self.assertAlmostEqual(2, rows.geometric_mean([1, 100]))
        self.assertAlmostEqual(0.5, rows.geometric_mean([0.25, 1]))

    def test_the_fastest_peer_is_the_one_to_beat(self):
        runs = [record("lookback", 2), record("libtorch", 3), record("dl4j", 20)]
        (row,) = rows.rows(runs, "training")
        self.assertEqual(1.5, rows.ratio_to_fastest(row, ["libtorch", "dl4j"]))

    def test_rounds_that_differ_are_marked(self):
        (row,) = rows.rows([record("lookback", 10), record("lookback", 12)], "training")
        self.assertEqual("11.0 *", page.cell_text(row["best"]["lookback"]))
        (row,) = rows.rows([record("lookback", 10), record("lookback", 11)], "training")
        self.assertEqual("10.5", page.cell_text(row["best"]["lookback"]))

    def test_a_single_step_is_in_no_mean(self):
        runs = [record(c, 1, configuration="step") for c in ("lookback", "libtorch")]
        table = rows.rows(runs, "training")
        self.assertEqual([], rows.means(table, ["libtorch"]))


class WholeTest(unittest.TestCase):
    """The script from end to end."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.load = iter(lambda: (0.0, 0.0), None)
        for module, name, value in [
            (process, "processor_seconds", lambda: next(self.load)),
            (process, "number_of_processors", lambda: 1),
            (process, "cores", lambda: 2),
            (suite, "PAUSE", 0),
        ]:
            patch = mock.patch.object(module, name, value)
            patch.start()
            self.addCleanup(patch.stop)

    def program(self, name, text):
        path = self.folder / name
        path.write_text(text)
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return str(path)

    def run_script(self, *words, lookback=LOOKBACK, peer=PEER):
        programs = ["--lookback", self.program("lookback", lookback)]
        programs += ["--peer", self.program("peer", peer), "--out", str(self.folder / "out")]
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
            code = command.main(["--configurations", "tiny", *programs, *words])
        with open(self.folder / "out" / "side-by-side.jsonl") as file:
            return code, out.getvalue(), [json.loads(line) for line in file]

    def test_a_round_alternates_and_the_table_has_the_ratios(self):
        code, text, records = self.run_script("--peers", "libtorch", "--cells", "gru")
        runs = [r for r in records if r["record"] == "run" and r["table"] == "training"]
        order = [(r["contender"], r["threads"]) for r in runs]
        round_ = [("lookback", None), ("libtorch", 1), ("libtorch", 2), ("lookback tokens", None)]
        self.assertEqual(round_ * 2, order)
        self.assertIn("| tiny | gru | 2.00 | 2 | 4.00 | 1 | 2.00 | 1.00 | 4.00 |", text)
        self.assertIn("| gru | 2.00 (1 of 1) | 2.00 (1 of 1) | 4.00 (1 of 1) |", text)
        self.assertIn("libtorch 9 (mkl)", text)
        self.assertEqual(0, code)

    def test_start_has_its_own_table(self):
        code, text, _ = self.run_script("--peers", "libtorch", "--cells", "gru")
        self.assertRegex(text, r"\| tiny \| gru \| 300 \| 320 \| [\d.]+ \| 900 \| 960 \|.* 3.00 \|")

    def test_what_fails_is_written_down(self):
        code, text, records = self.run_script(
            "--peers", "dl4j", "--tables", "training", "--rounds", "1", "--timeout", "1"
        )
        self.assertRegex(text, r"\| tiny \| elman \| .* \| timed out \| - \| - \|")
        self.assertRegex(text, r"\| tiny \| gru \| .* \| no GRU layer \| - \| - \|")
        self.assertRegex(text, r"\| tiny \| lstm \| .* \| failed \| - \| - \|")
        self.assertIn("dl4j at 1 threads, round 1: failed. exit 1: no room left", text)
        self.assertEqual(1, code)

    def test_another_backend_is_a_failure(self):
        openblas = PEER.replace('"mkl"', '"openblas"')
        code, text, _ = self.run_script("--peers", "libtorch", "--cells", "gru", peer=openblas)
        self.assertIn("runs on openblas", text)
        self.assertEqual(1, code)

    def test_disturbed_runs_are_repeated_and_the_quietest_counts(self):
        # Before and after each run: two that are not counted, two that are disturbed, quiet ones.
        loads = [0.0] * 4 + [0.0, 1e6] + [0.0, 2e6] + [0.0] * 99
        self.load = iter([(load, 0.0) for load in loads])
        _, text, records = self.run_script(
            "--peers", "libtorch", "--cells", "gru", "--tables", "training", "--rounds", "1"
        )
        runs = [r for r in records if r["record"] == "run" and r["contender"] == "lookback"]
        self.assertEqual([False, False, True], [r["counted"] for r in runs])

    def test_a_broken_lookback_stops_it(self):
        with self.assertRaises(SystemExit):
            self.run_script(lookback="#!/bin/sh\nexit 3\n")

    def test_answers_are_not_overwritten(self):
        words = ["--peers", "libtorch", "--cells", "gru", "--tables", "training"]
        self.run_script(*words)
        with self.assertRaises(SystemExit):
            self.run_script(*words)

    def test_answers_can_be_read_again(self):
        _, text, _ = self.run_script("--peers", "libtorch", "--cells", "gru")
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            command.main(["--read", str(self.folder / "out" / "side-by-side.jsonl")])
        self.assertEqual(text, out.getvalue())


if __name__ == "__main__":
    unittest.main()
