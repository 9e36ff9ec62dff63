"""Starts local-bigquery offline: python start.py <folder for its data> <REST port> <gRPC port>."""

import importlib
import os
import pathlib
import sys

import duckdb

folder, port, grpc_port = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
# DuckDB keeps extensions in the home folder; one of our own leaves the user's alone.
os.environ["HOME"] = str(folder)

connection = duckdb.connect()
for name in ("ducklake", "icu", "json", "spatial"):
    package = importlib.import_module(f"duckdb_extension_{name}")
    file = next(pathlib.Path(package.__file__).parent.rglob(f"{name}.duckdb_extension"))
    connection.execute(f"INSTALL '{file}'")

data = folder / "data"
data.mkdir()

from local_bigquery.cli import main  # noqa: E402  It reads the home folder when it is loaded.

main(["--host", "127.0.0.1", "--port", port, "--grpc-port", grpc_port, "--data-dir", str(data)])
