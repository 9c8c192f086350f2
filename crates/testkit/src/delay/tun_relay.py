"""Two network namespaces and the line between them: SERVER_ADDRESS CLIENT_ADDRESS SECONDS, one way.

Each end of the line is a TUN device. What one end sends reaches the other when the delay is over; any number of
packets may be on the way. Prints the descriptors of the two namespaces, and ends with its input.
"""

import collections
import ctypes
import fcntl
import os
import select
import socket
import struct
import sys
import time

CLONE_NEWNET = 0x40000000
TUNSETIFF = 0x400454CA
IFF_TUN_WITHOUT_HEADER = 0x1001
SIOCSIFFLAGS, SIOCSIFADDR, SIOCSIFNETMASK, SIOCSIFTXQLEN = 0x8914, 0x8916, 0x891C, 0x8943
IFF_UP_AND_RUNNING = 0x41
QUEUE_LENGTH = 10_000
DEVICE = b"line"
LARGEST_PACKET = 65536

libc = ctypes.CDLL(None, use_errno=True)


def new_namespace(address):
    """Moves into a new namespace and returns its end of the line, and a descriptor of the namespace itself."""
    if libc.unshare(CLONE_NEWNET) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"unshare: {os.strerror(number)}")
    tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH22x", DEVICE, IFF_TUN_WITHOUT_HEADER))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:

        def configure(request, value, device=DEVICE):
            fcntl.ioctl(any_socket, request, struct.pack("16s24s", device, value))

        configure(SIOCSIFADDR, internet(address))
        configure(SIOCSIFNETMASK, internet("255.255.255.0"))
        configure(SIOCSIFTXQLEN, struct.pack("i", QUEUE_LENGTH))
        configure(SIOCSIFFLAGS, struct.pack("H", IFF_UP_AND_RUNNING))
        configure(SIOCSIFFLAGS, struct.pack("H", IFF_UP_AND_RUNNING), b"lo")
    return tun, os.open("/proc/self/ns/net", os.O_RDONLY)


def internet(address):
    return struct.pack("=HH4s", socket.AF_INET, 0, socket.inet_aton(address))


def packets(tun):
    """Each packet that waits, with a time not before its arrival."""
    while True:
        try:
            packet = os.read(tun, LARGEST_PACKET)
        except BlockingIOError:
            return
        yield time.monotonic(), packet


def relay(one, other, delay):
    """Carries packets both ways until the standard input ends."""
    lines = [(one, other, collections.deque()), (other, one, collections.deque())]
    while True:
        due = min((queue[0][0] for _, _, queue in lines if queue), default=None)
        timeout = None if due is None else max(0.0, due - time.monotonic())
        readable, _, _ = select.select([one, other, sys.stdin], [], [], timeout)
        if sys.stdin in readable:
            return
        for source, target, queue in lines:
            if source in readable:
                queue.extend((arrival + delay, packet) for arrival, packet in packets(source))
            while queue and queue[0][0] <= time.monotonic():
                os.write(target, queue.popleft()[1])


server_address, client_address, delay = sys.argv[1:]
server_tun, server_namespace = new_namespace(server_address)
client_tun, client_namespace = new_namespace(client_address)
print(server_namespace, client_namespace, flush=True)
relay(server_tun, client_tun, float(delay))
