"""Pictures as they are printed on papers: upright, of moderate size; the evidence itself stays untouched in the vault."""

import contextlib
import os
import tempfile
from pathlib import Path

from django.conf import settings
from PIL import Image, ImageOps

from fadu.kernel.errors import Invalid
from fadu.record import vault

LONGER_SIDE = 1500  # pixels: 150 mm at about 250 dpi


def printable(sha256: str) -> Path:
    """The file that is printed for a kept picture; drawn on first use, beside the vault in ``prints``.

    Raises Invalid with the field ``photos`` when the file is no picture that can be drawn, Damaged when the vault no
    longer holds what was kept.
    """
    folder = Path(settings.VAULT_ROOT).with_name("prints") / sha256[:2]
    for suffix in (".jpg", ".png"):
        if (folder / f"{sha256}{suffix}").exists():
            return folder / f"{sha256}{suffix}"
    with vault.open_verified(sha256) as file:
        try:
            with Image.open(file, formats=["JPEG", "PNG", "WEBP"]) as picture:
                picture.draft("RGB", (LONGER_SIDE, LONGER_SIDE))
                upright = ImageOps.exif_transpose(picture)
                upright.thumbnail((LONGER_SIDE, LONGER_SIDE))
                seen_through = "A" in upright.getbands() or "transparency" in upright.info
                drawn = upright.convert("RGBA" if seen_through else "RGB")
        except (OSError, ValueError, Image.DecompressionBombError):
            raise Invalid({"photos": "这个文件不是能够印出的图片（可用 JPEG、PNG、WebP）"}) from None
    target = folder / f"{sha256}{'.png' if seen_through else '.jpg'}"
    folder.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=folder)
    try:
        with os.fdopen(descriptor, "wb") as out:
            drawn.save(out, "PNG" if seen_through else "JPEG", quality=85)
        os.replace(temporary, target)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)
    return target
