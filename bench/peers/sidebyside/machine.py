"""The machine, the commit and the JVMs."""

import datetime
import os
import pathlib
import platform
import subprocess

from sidebyside.process import cores

ROOT = pathlib.Path(__file__).resolve().parents[3]
OPTIONS_OF_JVMS = ["LOOKBACK_JAVA_OPTS", "PEER_JAVA_OPTS", "JAVA_TOOL_OPTIONS"]


def machine(options):
    with open("/proc/cpuinfo") as file:
        lines = [line.split(":", 1) for line in file if ":" in line]
    info = {}
    for key, value in lines:
        info.setdefault(key.strip(), value.strip())
    flags = info.get("flags", "").split()
    return {
        "record": "machine",
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        "commit": commit(pathlib.Path(options.lookback).resolve().parent),
        "model": info.get("model name", platform.machine()),
        "cores": cores(),
        "avx2": "avx2" in flags,
        "avx512": "avx512f" in flags,
        "kernel": platform.release(),
        "java": java_version(options.java),
        "peer_java": java_version(options.peer_java),
        "rounds": options.rounds,
        "seconds": options.seconds,
        "environment": {name: os.environ[name] for name in OPTIONS_OF_JVMS if name in os.environ},
    }


def java_version(home):
    home = home or os.environ.get("JAVA_HOME")
    java = os.path.join(home, "bin", "java") if home else "java"
    answer = subprocess.run([java, "-version"], capture_output=True, text=True, check=True)
    # Before it may stand a line about options that were picked up.
    return next(line for line in answer.stderr.splitlines() if "version" in line)


def commit(folder):
    """Of the Lookback that is timed."""

    def git(*words):
        answer = subprocess.run(["git", "-C", str(folder), *words], capture_output=True, text=True)
        return answer.stdout.strip()

    changed = git("status", "--porcelain", "--untracked-files=no")
    name = git("rev-parse", "--short=12", "HEAD") or "unknown"
    return name + (" and changes" if changed else "")
