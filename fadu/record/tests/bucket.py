"""An S3-compatible service in a process of its own, spoken to over real HTTP."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import boto3


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def service() -> Iterator[dict[str, str]]:
    """The settings of a bucket at a service that runs while the block does."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(300):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.1)
        bucket = {
            "bucket": "fadu-evidence",
            "endpoint": f"http://127.0.0.1:{port}",
            "region": "us-east-1",
            "key_id": "testing",
            "secret": "testing-secret",
            "prefix": "vault/",
        }
        client(bucket).create_bucket(Bucket=bucket["bucket"])
        yield bucket
    finally:
        process.kill()
        process.wait()


def client(bucket: dict[str, str]) -> Any:
    """A client of the tests' own."""
    return boto3.client(
        "s3",
        endpoint_url=bucket["endpoint"],
        region_name=bucket["region"],
        aws_access_key_id=bucket["key_id"],
        aws_secret_access_key=bucket["secret"],
    )
