"""Starts bqemulator, offline, with fixes for concurrent clients.

Usage: python serve.py REST_PORT GRPC_PORT [--stop-with-stdin]

Port 0 takes a free one. Prints one line of JSON, {"restPort": …, "grpcPort": …}, once it takes requests, and ends on
SIGINT, SIGTERM or, with --stop-with-stdin, at the end of its standard input: then it never outlives who started it.
"""

import argparse
import asyncio
import concurrent.futures
import functools
import json
import os
import pathlib
import signal
import socket
import sys
import threading

import duckdb
import duckdb_extension_spatial
import grpc.aio

# One AppendRows call holds a thread for as long as its connection lives, and gRPC gives six of them on two processors.
THREADS = 256


def install_spatial() -> None:
    """Puts the DuckDB extension that bqemulator loads at its start where DuckDB looks for it, so that none is downloaded."""
    os.environ["HOME"] = sys.prefix
    package = pathlib.Path(duckdb_extension_spatial.__file__).parent
    extension = next(package.rglob("spatial.duckdb_extension"))
    with duckdb.connect() as connection:
        connection.execute(f"INSTALL '{extension}'")


def fix() -> None:
    """Changes four things of bqemulator 1.4.0; each is described in the decision record on the emulator."""
    from bqemulator.grpc_api.write_servicer import BigQueryWriteHandler
    from bqemulator.storage.engine import DuckDBEngine
    from bqemulator.versioning.snapshots import SnapshotManager

    # Time travel copies the whole table after every append and keeps every copy for a week.
    SnapshotManager.capture = lambda *_args, **_kwargs: None

    # An append and a query that run at once wait for each other for ever: one holds Python's lock, the other DuckDB's.
    lock = threading.RLock()

    def locked(function):
        @functools.wraps(function)
        def call(*args, **kwargs):
            with lock:
                return function(*args, **kwargs)

        return call

    DuckDBEngine.execute = locked(DuckDBEngine.execute)
    DuckDBEngine.fetch_arrow = locked(DuckDBEngine.fetch_arrow)
    BigQueryWriteHandler._flush_to_target = locked(BigQueryWriteHandler._flush_to_target)

    # All threads share one connection, whose last result the next statement of another thread replaces.
    shared_connection = DuckDBEngine.connection.fget
    of_thread = threading.local()

    def connection(engine):
        if threading.current_thread() is threading.main_thread():
            return shared_connection(engine)
        if not hasattr(of_thread, "cursor"):
            of_thread.cursor = shared_connection(engine).cursor()
            of_thread.cursor.execute("SET TimeZone = 'UTC'")
        return of_thread.cursor

    DuckDBEngine.connection = property(connection)

    make_server = grpc.aio.server

    def server(*args, **kwargs):
        return make_server(concurrent.futures.ThreadPoolExecutor(max_workers=THREADS), *args, **kwargs)

    grpc.aio.server = server


def check_free(port: int) -> None:
    """Ends with one line instead of the pages that bqemulator prints when it cannot listen."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            sys.exit(f"Port {port} cannot be listened on: {error.strerror}. Name others: npm run emulator -- 9150 9160")


async def serve(rest_port: int, grpc_port: int, stop_with_stdin: bool) -> None:
    from bqemulator.config import Settings
    from bqemulator.server import EmulatorServer

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    if stop_with_stdin:

        def wait_for_end() -> None:
            sys.stdin.buffer.read()
            loop.call_soon_threadsafe(stop.set)

        threading.Thread(target=wait_for_end, daemon=True).start()

    settings = Settings(
        rest_port=rest_port,
        grpc_port=grpc_port,
        enable_format_extensions=False,
        query_cache_ttl_seconds=0,
        log_level="error",
    )
    emulator = EmulatorServer(settings)
    await emulator.start()
    print(json.dumps({"restPort": emulator.rest_port, "grpcPort": emulator.grpc_port}), flush=True)
    await stop.wait()
    # Open AppendRows calls would hold a regular stop back, and nothing is kept.
    os._exit(0)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("rest_port", type=int)
    parser.add_argument("grpc_port", type=int)
    parser.add_argument("--stop-with-stdin", action="store_true")
    options = parser.parse_args()
    check_free(options.rest_port)
    check_free(options.grpc_port)
    install_spatial()
    fix()
    asyncio.run(serve(options.rest_port, options.grpc_port, options.stop_with_stdin))
