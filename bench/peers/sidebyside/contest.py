"""What runs: sizes, and who is timed at them."""

from typing import NamedTuple, Optional

CELLS = ["elman", "gru", "lstm"]
# Each peer, and what of it may do the arithmetic.
PEERS = {
    "libtorch": ["mkl"],
    "libtorch-openblas": ["openblas"],
    "dl4j": ["avx2", "avx512", "generic"],
}
OURS = "lookback"
TOKENS = "lookback tokens"
# More of a machine in others' hands than this, and a run is repeated.
NOISE = 0.06


class Configuration(NamedTuple):
    """Sizes, and how many iterations they take: patience multiplies --seconds."""

    vocabulary: int
    hidden: int
    batch: int
    steps: int
    iterations: int
    warmup: int
    layers: int = 1
    mode: str = "train"
    patience: int = 1

    def options(self, cell):
        words = f"--cell {cell} --mode {self.mode} --vocabulary {self.vocabulary}"
        words += f" --hidden {self.hidden} --batch {self.batch} --steps {self.steps}"
        return f"{words} --layers {self.layers}".split()

    def effort(self, seconds):
        limit = f"--seconds {seconds * self.patience:g}"
        return f"--iterations {self.iterations} --warmup {self.warmup} {limit}".split()


CONFIGURATIONS = {
    "tiny": Configuration(28, 32, 32, 35, 2000, 500),
    "small": Configuration(64, 128, 32, 64, 500, 100),
    "medium": Configuration(128, 256, 64, 64, 100, 20),
    "large": Configuration(256, 1024, 64, 128, 5, 2, patience=6),
    "stream": Configuration(8, 64, 1, 1000, 200, 30),
    "two-layer": Configuration(64, 128, 32, 64, 300, 60, layers=2),
    "step": Configuration(64, 128, 1, 1, 20000, 5000, mode="step"),
}
START_CONFIGURATIONS = ["tiny", "small"]


class Contender(NamedTuple):
    """Who runs; threads of None leave the choice to it."""

    name: str
    threads: Optional[int] = None

    def ours(self):
        return self.name in (OURS, TOKENS)

    def arguments(self, table, configuration, cell, seconds):
        """The words after the program's name."""
        words = configuration.options(cell)
        if self.ours():
            words = ["bench"] + words + ["--json"] + (["--dense"] if self.name == OURS else [])
            if table == "start":
                return words + ["--iterations", "10", "--warmup", "0", "--seconds", "600"]
        else:
            words = [self.name] + words + ["--threads", str(self.threads)]
            if table == "start":
                return words + ["--start"]
        return words + configuration.effort(seconds)
