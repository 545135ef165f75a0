"""Static files without the ten seconds that Brotli takes, for a site on this machine."""

from typing import Any

from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage


class GzipStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Hashed names and gzip, in little more than a second."""

    def create_compressor(self, **options: Any) -> Compressor:
        return Compressor(**{**options, "use_brotli": False})
