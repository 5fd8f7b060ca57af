"""Pictures in a bucket of S3, under `media/` as a CDN in front of it serves them; browsers get signed addresses."""

from functools import cache
from typing import Any, BinaryIO, cast
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from domain.catalog.media.storage import FOREVER, NoSuchFile, check_key

PREFIX = "media/"
SIGNED_FOR = 3600
"""For how many seconds a signed address leads to its file."""
SECONDS = 10


class S3Storage:
    """Files in one bucket that nobody may list or read without a signature; with `base_url`, a CDN hands them out."""

    def __init__(
        self, bucket: str, *, base_url: str | None = None, region: str | None = None, endpoint_url: str | None = None
    ) -> None:
        self.bucket, self.base_url = bucket, base_url
        self._endpoint_url, self._client = endpoint_url, _client(region, endpoint_url)

    def put(self, key: str, data: bytes, content_type: str) -> None:
        """Store a file, to be kept by browsers for ever; storing it again changes nothing."""
        self._client.put_object(
            Bucket=self.bucket,
            Key=PREFIX + check_key(key),
            Body=data,
            ContentType=content_type,
            CacheControl=FOREVER,
        )

    def url(self, key: str) -> str:
        """Return the CDN's address, or one that is signed for an hour."""
        if self.base_url:
            return f"{self.base_url}/{PREFIX}{check_key(key)}"
        named = {"Bucket": self.bucket, "Key": PREFIX + check_key(key)}
        return str(self._client.generate_presigned_url("get_object", Params=named, ExpiresIn=SIGNED_FOR))

    def open(self, key: str) -> BinaryIO:
        """Open a stored file; raises NoSuchFile."""
        try:
            found = self._client.get_object(Bucket=self.bucket, Key=PREFIX + check_key(key))
        except ClientError as error:
            if error.response["Error"]["Code"] in ("NoSuchKey", "404"):
                raise NoSuchFile from None
            raise
        return cast(BinaryIO, found["Body"])

    @property
    def origin(self) -> str:
        """Return the origin that its addresses lead to, for the pages' policy of what they may load."""
        address = self.base_url or self._client.meta.endpoint_url
        parts = urlsplit(address)
        own = not self.base_url and not self._endpoint_url
        return f"{parts.scheme}://{self.bucket + '.' if own else ''}{parts.netloc}"


@cache
def _client(region: str | None, endpoint_url: str | None) -> Any:
    config = Config(
        connect_timeout=SECONDS,
        read_timeout=SECONDS,
        retries={"total_max_attempts": 2},
        signature_version="s3v4",
        s3={"addressing_style": "path" if endpoint_url else "virtual"},
    )
    return boto3.client("s3", region_name=region, endpoint_url=endpoint_url, config=config)
