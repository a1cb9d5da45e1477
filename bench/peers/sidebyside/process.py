"""One process: its answer, its cost, and what others used meanwhile."""

import os
import signal
import subprocess
import tempfile
import threading
import time


def processor_seconds():
    """What all processes together used, and what the hypervisor took, since the machine started."""
    with open("/proc/stat") as stat:
        ticks = [int(word) for word in stat.readline().split()[1:9]]
    user, nice, system, _, _, irq, softirq, steal = ticks
    tick = os.sysconf("SC_CLK_TCK")
    return (user + nice + system + irq + softirq) / tick, steal / tick


def cores():
    return len(os.sched_getaffinity(0))


def number_of_processors():
    # /proc/stat counts them all, also those this process may not use.
    return os.cpu_count() or 1


def pace():
    """Milliseconds of a loop that is always the same: what /proc/stat hides slows it too."""
    answers = []
    for _ in range(3):
        before = time.perf_counter()
        for _ in range(300_000):
            pass
        answers.append(1000 * (time.perf_counter() - before))
    return min(answers)


def kill(group):
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        pass  # it ended by itself in the meantime


def run(command, environment, timeout):
    """Runs a command to its end or its time; answers with what it printed and what it cost."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        before = pace()
        busy, stolen = processor_seconds()
        own, wall = time.process_time(), time.monotonic()
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            env=environment,
            start_new_session=True,
        )
        late = threading.Event()

        def end():
            late.set()
            kill(process.pid)

        timer = threading.Timer(timeout, end)
        timer.start()
        try:
            # Not process.wait: only wait4 tells the time and the memory of this one child.
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            kill(process.pid)
            raise
        finally:
            timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.monotonic() - wall
        used = usage.ru_utime + usage.ru_stime
        busy_after, stolen_after = processor_seconds()
        others = busy_after - busy - used - (time.process_time() - own)
        after = pace()
        out.seek(0)
        err.seek(0)
        return {
            "exit": process.returncode,
            "late": late.is_set(),
            "out": out.read().decode(errors="replace"),
            "err": err.read().decode(errors="replace"),
            "wall_s": round(wall, 3),
            "cpu_s": round(used, 3),
            "rss_mb": usage.ru_maxrss // 1024,
            "foreign": round(max(0.0, others) / (wall * number_of_processors()), 4),
            "pace_ms": round(max(before, after), 3),
            "stolen": round((stolen_after - stolen) / (wall * number_of_processors()), 4),
        }
