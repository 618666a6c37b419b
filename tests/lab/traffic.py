#!/usr/bin/env python3
"""Real traffic for the firewall lab.

traffic.py serve ADDR:PORT...                TCP and UDP echo on every address, until killed
traffic.py hold N SRC DST PORT SECONDS       N TCP connections from SRC, one line each way, held open
traffic.py datagram N SRC DST PORT SECONDS   N UDP sockets from SRC, one datagram each way
traffic.py spray N SRC DST                   one datagram to each of N ports: N entries in the table
Prints `ready` once everything stands."""
import asyncio
import socket
import sys


def split(where):
    host, port = where.rsplit(":", 1)
    return host.strip("[]"), int(port)


class Echo(asyncio.DatagramProtocol):
    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, peer):
        self.transport.sendto(data, peer)


async def echo(reader, writer):
    try:
        while data := await reader.read(4096):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    writer.close()


async def serve(*places):
    loop = asyncio.get_running_loop()
    for place in places:
        host, port = split(place)
        await asyncio.start_server(echo, host, port, backlog=1024)
        await loop.create_datagram_endpoint(Echo, local_addr=(host, port))
    print("ready", flush=True)
    await asyncio.Event().wait()


async def hold(n, src, dst, port, seconds):
    kept = []
    for _ in range(int(n)):
        reader, writer = await asyncio.open_connection(dst, int(port), local_addr=(src, 0))
        writer.write(b"hello\n")
        await writer.drain()
        await reader.readline()
        kept.append(writer)
    print("ready", flush=True)
    await asyncio.sleep(float(seconds))


async def datagram(n, src, dst, port, seconds):
    family = socket.AF_INET6 if ":" in dst else socket.AF_INET
    kept = []
    for _ in range(int(n)):
        s = socket.socket(family, socket.SOCK_DGRAM)
        s.bind((src, 0))
        s.connect((dst, int(port)))
        s.settimeout(2)
        s.send(b"x" * 64)
        s.recv(100)
        kept.append(s)
    print("ready", flush=True)
    await asyncio.sleep(float(seconds))


async def spray(n, src, dst):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sources = [s]
    n = int(n)
    for i in range(n):
        if i % 60000 == 0:
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            s.bind((src, 0))
            sources.append(s)
        s.sendto(b"x", (dst, 1024 + i % 60000))
    print("ready", flush=True)


if __name__ == "__main__":
    asyncio.run(globals()[sys.argv[1]](*sys.argv[2:]))
