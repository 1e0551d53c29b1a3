"""Where the bytes of the vault lie: a folder of this machine (or NFS), or a bucket of an S3-compatible service."""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import IO, Any, Protocol

from django.conf import settings

from fadu.kernel.errors import Refused

CHUNK = 1024 * 1024
NAME = re.compile(r"[0-9a-f]{64}")
GONE = {"404", "NoSuchKey", "NotFound"}


class Missing(Exception):  # noqa: N818 - the word that the reports use
    """The store has no bytes under this hash."""


class Unavailable(Refused):
    """The store does not answer (503); nothing was kept."""

    status = 503


def digest(file: IO[bytes]) -> str:
    """The sha256 of what is left to read of ``file``."""
    running = hashlib.sha256()
    while chunk := file.read(CHUNK):
        running.update(chunk)
    return running.hexdigest()


@dataclass(frozen=True, slots=True)
class Blob:
    """Bytes that lie in the store: their name (the sha256), length and the moment (aware) they were last put."""

    sha256: str
    size: int
    put_at: datetime


class Store(Protocol):
    """What the vault asks of a place that keeps bytes; every method raises Unavailable when the place cannot be reached."""

    def put(self, path: Path, sha256: str) -> None:
        """Keep the file ``path``, whose hash is ``sha256``; whole or not at all. ``path`` may be moved away."""

    def fetch(self, sha256: str) -> IO[bytes]:
        """The bytes under ``sha256`` as an open seekable file, not yet verified; raises Missing."""

    def blobs(self) -> Iterator[Blob]:
        """Everything that lies there under a hash."""

    def remove(self, sha256: str) -> None:
        """Delete the bytes under ``sha256``; nothing happens when there are none."""


@dataclass(frozen=True)
class FolderStore:
    """``<root>/ab/cd/<sha256>``, each file written beside, synced and renamed, then read-only."""

    root: Path

    def path(self, sha256: str) -> Path:
        """Where the bytes with this hash lie."""
        return self.root / sha256[:2] / sha256[2:4] / sha256

    def put(self, path: Path, sha256: str) -> None:
        """Move the file to its place; a sound one already there is left (and dated anew), a damaged one is mended."""
        target = self.path(sha256)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if target.exists() and self._sound(target):
            os.utime(target)  # verify-vault --clean spares what was put lately
            return
        path.chmod(0o440)
        os.replace(path, target)
        for folder in (target.parent, target.parent.parent, self.root):
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    @staticmethod
    def _sound(target: Path) -> bool:
        """Does the file still hold what its name says?"""
        with target.open("rb") as file:
            return digest(file) == target.name

    def fetch(self, sha256: str) -> IO[bytes]:
        """The file itself."""
        try:
            return self.path(sha256).open("rb")
        except FileNotFoundError:
            raise Missing(sha256) from None
        except OSError as error:
            raise Unavailable(f"证据库的文件夹读不出来（{error.strerror}），请报告系统管理员") from error

    def blobs(self) -> Iterator[Blob]:
        """Every file that bears a hash as its name."""
        for path in sorted(self.root.glob("??/??/*")):
            if NAME.fullmatch(path.name):
                told = path.stat()
                yield Blob(path.name, told.st_size, datetime.fromtimestamp(told.st_mtime, UTC))

    def remove(self, sha256: str) -> None:
        """Delete the file."""
        self.path(sha256).unlink(missing_ok=True)


@dataclass(frozen=True)
class BucketStore:
    """``<prefix><sha256>`` in a bucket; the service is told the hash of what it is sent and refuses anything else."""

    bucket: str
    endpoint: str
    region: str
    key_id: str
    secret: str
    prefix: str

    @property
    def client(self) -> Any:
        """The client, one for all threads of the process."""
        return _client(self.endpoint, self.region, self.key_id, self.secret)

    def put(self, path: Path, sha256: str) -> None:
        """Stream the file to the service. Sent again even when it is there: that mends and dates it."""
        with path.open("rb") as file, _reachable():
            self.client.put_object(
                Bucket=self.bucket,
                Key=self.prefix + sha256,
                Body=file,
                ContentLength=path.stat().st_size,
                ContentType="application/octet-stream",
            )

    def fetch(self, sha256: str) -> IO[bytes]:
        """The bytes, streamed into a temporary file that vanishes when it is closed."""
        file = tempfile.TemporaryFile()  # noqa: SIM115 - the reader closes it
        try:
            with _reachable(sha256):
                body = self.client.get_object(Bucket=self.bucket, Key=self.prefix + sha256)["Body"]
                for chunk in body.iter_chunks(CHUNK):
                    file.write(chunk)
        except BaseException:
            file.close()
            raise
        file.seek(0)
        return file

    def blobs(self) -> Iterator[Blob]:
        """Every object under the prefix that bears a hash as its name."""
        with _reachable():
            for page in self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=self.prefix):
                for item in page.get("Contents", ()):
                    name = item["Key"].removeprefix(self.prefix)
                    if NAME.fullmatch(name):
                        yield Blob(name, item["Size"], item["LastModified"])

    def remove(self, sha256: str) -> None:
        """Delete the object."""
        with _reachable():
            self.client.delete_object(Bucket=self.bucket, Key=self.prefix + sha256)


@contextmanager
def _reachable(sha256: str = "") -> Iterator[None]:
    """Turns what the client raises into Missing (when asked for ``sha256``) or Unavailable."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (ClientError, BotoCoreError) as error:
        if sha256 and isinstance(error, ClientError) and error.response["Error"]["Code"] in GONE:
            raise Missing(sha256) from None
        raise Unavailable(
            "证据库（对象存储）暂时连不上，文件没有存取成功。请稍后重试；仍不行，请报告系统管理员"
        ) from error


@lru_cache(maxsize=4)
def _client(endpoint: str, region: str, key_id: str, secret: str) -> Any:
    """A client of the service; imported here, since most installations keep a folder."""
    import boto3
    from botocore.config import Config

    return boto3.session.Session().client(
        "s3",
        endpoint_url=endpoint or None,
        region_name=region,
        aws_access_key_id=key_id,
        aws_secret_access_key=secret,
        config=Config(
            # the signature covers the sha256 of the body; newer checksums are unknown to several compatible services
            s3={"payload_signing_enabled": True, "addressing_style": "path"},
            signature_version="s3v4",
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            connect_timeout=5,
            read_timeout=60,
            retries={"mode": "standard", "total_max_attempts": 3},
        ),
    )


def store() -> Store:
    """The store of the settings: the bucket when one is named, else the folder ``VAULT_ROOT``."""
    if settings.VAULT_BUCKET:
        return BucketStore(**settings.VAULT_BUCKET)
    return FolderStore(Path(settings.VAULT_ROOT))
