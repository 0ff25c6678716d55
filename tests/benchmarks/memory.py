"""The memory that a management command takes, run as its own process."""

import os
import subprocess
import sys

# Anonymous memory, looked at every 20 ms: the resident size also counts the pages of the database file that SQLite
# maps, and ru_maxrss what the parent process held.
WATCHED = """
import sys, threading, time
from django.core.management import execute_from_command_line as run
peak = 0
def watch():
    global peak
    while True:
        with open("/proc/self/status") as status:
            peak = max(peak, *(int(line.split()[1]) for line in status if line.startswith("RssAnon")))
        time.sleep(0.02)
threading.Thread(target=watch, daemon=True).start()
run(["manage.py", *sys.argv[1:]])
print(peak / 1024)
"""


def peak_memory(*command: str, database_url: str) -> float:
    """Most anonymous memory in MB of `manage.py COMMAND`. Raises CalledProcessError when the command fails."""
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, *command],
        env={**os.environ, "DATABASE_URL": database_url},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return float(done.stdout.split()[-1])
