"""Runs a command and prints what it took: elapsed seconds, CPU seconds, and its memory at its most in KiB.

The first argument is `memory` where the memory is wanted. What a process is charged with begins with what it had
of ours before it became another program, so small programs are looked at while they run.
"""

import contextlib
import os
import resource
import sys
import time

wants_memory = sys.argv[1] == "memory"
command = sys.argv[2:]


def peak_so_far(process: int) -> int:
    with contextlib.suppress(OSError), open(f"/proc/{process}/status", "rb") as status:
        for line in status:
            if line.startswith(b"VmHWM:"):
                return int(line.split()[1])
    return 0


def has_ended(process: int) -> bool:
    return os.waitid(os.P_PID, process, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


nothing = os.open(os.devnull, os.O_RDWR)
quiet = [(os.POSIX_SPAWN_DUP2, nothing, 0), (os.POSIX_SPAWN_DUP2, nothing, 1)]
start = time.monotonic()
process = os.posix_spawnp(command[0], command, os.environ, file_actions=quiet)
peak = 0
while wants_memory and not has_ended(process):
    peak = max(peak, peak_so_far(process))
    time.sleep(0.001)
_, status, usage = os.wait4(process, 0)
elapsed = time.monotonic() - start
if usage.ru_maxrss > resource.getrusage(resource.RUSAGE_SELF).ru_maxrss:
    peak = usage.ru_maxrss
print(elapsed, usage.ru_utime + usage.ru_stime, peak)
sys.exit(status != 0)
