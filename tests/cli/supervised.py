"""A supervisor in a process of its own: `python -m tests.cli.supervised LOG_DIR GRACE HEALTHY NAME=TIER=CODE…`."""

import sys
from pathlib import Path

from cli.logs import Screen
from cli.supervisor import Process, Supervisor

if __name__ == "__main__":
    log_dir, grace, healthy, *wanted = sys.argv[1:]
    with Supervisor(Path(log_dir), Screen(), grace=float(grace), healthy_after=float(healthy)) as supervisor:
        for words in wanted:
            name, tier, code = words.split("=", 2)
            supervisor.start(Process(name=name, argv=[sys.executable, "-c", code], tier=int(tier)))
        print("up", flush=True)
        supervisor.run()
    print("down", flush=True)
