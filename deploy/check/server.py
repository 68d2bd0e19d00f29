"""A Starling of its own for a check: started in a folder that is thrown away, and ended with the check."""

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

# A debug build on a busy machine.
PATIENCE_S = 60


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def until(what, condition, patience=PATIENCE_S):
    """Asks again and again until something is true; says what was waited for when it is not."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        try:
            if found := condition():
                return found
        except (OSError, ValueError):
            pass
        time.sleep(0.05)
    raise SystemExit(f"waited {patience} s in vain: {what}")


def get(url):
    """Status and text of an address."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


class Program:
    """A program that ends with the check."""

    def __init__(self, command, **environment):
        # Only what a program needs: no setting of whoever runs the check.
        kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "HOME") if name in os.environ}
        self.log = tempfile.TemporaryFile(mode="w+")
        self.process = subprocess.Popen(command, env=kept | environment, stdout=self.log, stderr=self.log)

    def said(self):
        self.log.seek(0)
        return self.log.read()

    def end(self, kill=False):
        if self.process.poll() is None:
            self.process.kill() if kill else self.process.terminate()
        self.process.wait(PATIENCE_S)


class Server(Program):
    """A node on one machine."""

    def __init__(self, **settings):
        self.folder = tempfile.mkdtemp(prefix="starling-check-")
        self.port = free_port()
        flags = [flag for key, value in settings.items() for flag in ("--set", f"{key}={value}")]
        super().__init__([os.environ["STARLING_BIN"], "serve", "--listen", f"127.0.0.1:{self.port}",
                          "--data", self.folder, *flags])
        try:
            until("the server answers", lambda: self.lives() and get(self.url("/ready"))[0] == 200)
        except SystemExit:
            print(self.said())
            raise

    def lives(self):
        if self.process.poll() is not None:
            raise SystemExit(f"the server ended:\n{self.said()}")
        return True

    def url(self, path):
        return f"http://127.0.0.1:{self.port}{path}"

    def call(self, path, body, token=None):
        """Posts JSON and gives the answer's."""
        request = urllib.request.Request(self.url(path), json.dumps(body).encode(),
                                         {"content-type": "application/json"})
        if token:
            request.add_header("authorization", f"Bearer {token}")
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
            return json.loads(answer.read())

    def metric(self, name):
        """The sum of a metric's samples."""
        lines = get(self.url("/metrics"))[1].splitlines()
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.split("{")[0].split(" ")[0] == name)

    def end(self, kill=False):
        super().end(kill)
        shutil.rmtree(self.folder, ignore_errors=True)
