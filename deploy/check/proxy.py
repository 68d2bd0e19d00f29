"""Sends WebSockets through the real proxy to two servers: they are balanced, and outlive what they should."""

import base64
import os
import re
import socket
import sys
import tempfile
import time
from pathlib import Path

from server import Program, Server, free_port, get, until

CONFIG = Path(__file__).parent.parent / "haproxy/haproxy.cfg"
SOCKETS = 6
# The kernel closes sockets of a dead process at once, and the proxy what hangs on them.
CLOSED_WITHIN_S = 3


def rewritten(servers, chat, operators):
    """The configuration with ports of this machine in place of names that only Compose knows."""
    text = CONFIG.read_text().replace("bind :8080", f"bind 127.0.0.1:{chat}")
    text = text.replace("bind :8404", f"bind 127.0.0.1:{operators}")
    # As many sockets as a machine of production may have is more than this one may open.
    text = text.replace("maxconn 60000", "maxconn 1000")
    text = text.replace("resolvers network init-addr last,libc,none", "").replace("slowstart 20s", "")
    for number, server in enumerate(servers, 1):
        text = text.replace(f"starling-{number}:8080", f"127.0.0.1:{server.port}")
    # The third node of the file is one that does not answer.
    return text.replace("starling-3:8080", f"127.0.0.1:{free_port()}")


class Guest:
    """A WebSocket of a guest."""

    def __init__(self, port, number):
        # Each comes from an address of its own, of which a node lets in one: it must be told, and believed.
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30,
                                               source_address=(f"127.0.1.{number}", 0))
        name = f"guest{number}"
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall((f"GET /ws?username={name} HTTP/1.1\r\nhost: chat.example\r\nupgrade: websocket\r\n"
                             f"connection: Upgrade\r\nsec-websocket-key: {key}\r\n"
                             "sec-websocket-version: 13\r\n\r\n").encode())
        self.read = b""
        while b"hello" not in self.read:
            piece = self.socket.recv(65536)
            if not piece:
                sys.exit(f"no hello for {name}: {self.read[:300]!r}")
            self.read += piece

    def rest(self):
        """Everything until the other side closes."""
        self.socket.settimeout(CLOSED_WITHIN_S)
        try:
            while piece := self.socket.recv(65536):
                self.read += piece
        except ConnectionResetError:
            pass
        return self.read


def open_sockets(servers):
    return [int(server.metric("starling_websocket_connections_active")) for server in servers]


def through(servers, chat, operators):
    until("the proxy finds both nodes", lambda: get(f"http://127.0.0.1:{chat}/ready")[0] == 200)
    state = f"http://127.0.0.1:{operators}/metrics"
    up = re.compile(r'haproxy_server_status\{proxy="nodes",server="\S+",state="UP"\} 1')
    until("two nodes are up, the third is not", lambda: len(up.findall(get(state)[1])) == 2)
    if get(f"http://127.0.0.1:{chat}/metrics")[0] != 404:
        sys.exit("the proxy shows /metrics to everyone")

    guests = [Guest(chat, number) for number in range(1, SOCKETS + 1)]
    until("half of the sockets are on each node", lambda: open_sockets(servers) == [SOCKETS // 2] * 2)

    # A drain's farewell comes through, and whoever comes back finds the other node.
    began = time.monotonic()
    servers[0].process.terminate()
    ended = 0
    for guest in guests:
        guest.socket.settimeout(CLOSED_WITHIN_S)
    for guest in guests:
        if is_of_drained(guest, began):
            ended += 1
            if (1012).to_bytes(2, "big") not in guest.rest():
                sys.exit("a drained socket was closed without 1012")
    if ended != SOCKETS // 2:
        sys.exit(f"{ended} sockets ended with a node that had {SOCKETS // 2}")
    # Kept: a socket that nobody holds is closed.
    guests.append(Guest(chat, SOCKETS + 1))
    until("who came back is on the other node", lambda: open_sockets(servers[1:]) == [SOCKETS // 2 + 1])
    return time.monotonic() - began


def is_of_drained(guest, began):
    """Whether a socket gets something within the time in which a drained node speaks."""
    left = began + CLOSED_WITHIN_S - time.monotonic()
    guest.socket.settimeout(max(left, 0.05))
    try:
        piece = guest.socket.recv(65536, socket.MSG_PEEK)
    except TimeoutError:
        return False
    while piece and (1012).to_bytes(2, "big") not in guest.read + piece:
        guest.read += guest.socket.recv(65536)
        try:
            piece = guest.socket.recv(65536, socket.MSG_PEEK)
        except TimeoutError:
            return False
    return True


def main():
    servers = [Server(**{"guests.enabled": "true", "server.trusted_proxies": "127.0.0.1",
                         "limits.connections_per_address": "1"}) for _ in range(2)]
    chat, operators = free_port(), free_port()
    proxy = None
    try:
        with tempfile.NamedTemporaryFile("w", suffix=".cfg") as config:
            config.write(rewritten(servers, chat, operators))
            config.flush()
            proxy = Program(["haproxy", "-db", "-f", config.name])
            took = through(servers, chat, operators)
            print(f"{SOCKETS} sockets balanced; those of a drained node told to come back, in {took:.1f} s")
    except SystemExit:
        print(proxy.said() if proxy else "", file=sys.stderr)
        raise
    finally:
        if proxy:
            proxy.end(kill=True)
        for server in servers:
            server.end(kill=True)


main()
