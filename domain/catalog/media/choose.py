"""Which storage a shop has: its own disk, or a bucket where one is named."""

from domain.catalog.media.storage import LocalStorage, Storage
from domain.shared.settings import Settings


def make_storage(settings: Settings) -> Storage:
    """Return the storage that the settings name."""
    if settings.media_bucket is None:
        return LocalStorage(settings.media_dir)
    # Its client takes half a second to load, which a shop on its own disk need not wait for.
    from domain.catalog.media.s3 import S3Storage

    return S3Storage(
        settings.media_bucket,
        base_url=settings.media_url,
        region=settings.aws_region,
        endpoint_url=settings.aws_endpoint_url,
    )
