"""Barcodes and QR codes as pictures a document carries inside itself.

What must stay true: bars are whole modules of the width asked for, whatever the page does.
"""

from __future__ import annotations

from base64 import b64encode
from functools import lru_cache
from io import BytesIO

import segno

from core import code128

_MICRONS_PER_MM = 1000


@lru_cache(maxsize=256)
def code128_uri(text: str, module_microns: int, height_mm: int) -> str:
    """Return a Code 128 as the address of an SVG of that size, without the white beside it.

    Whoever places it leaves ten modules of white on either side where there is room.
    """
    place, path = 0, []
    for number, width in enumerate(code128.widths(text)):
        if number % 2 == 0:
            path.append(f"M{place} 0h{width}v1h-{width}z")
        place += width
    whole, part = divmod(place * module_microns, _MICRONS_PER_MM)
    return _uri(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{whole}.{part:03d}mm"'
        f' height="{height_mm}mm" viewBox="0 0 {place} 1" preserveAspectRatio="none"'
        f' shape-rendering="crispEdges"><path d="{"".join(path)}"/></svg>'
    )


@lru_cache(maxsize=256)
def qr_uri(text: str) -> str:
    """Return a QR code with its white border as the address of an SVG."""
    picture = BytesIO()
    segno.make(text, error="m", micro=False).save(
        picture, kind="svg", xmldecl=False, nl=False, omitsize=True, border=2, light="#fff"
    )
    return _uri(picture.getvalue().decode())


def _uri(svg: str) -> str:
    return "data:image/svg+xml;base64," + b64encode(svg.encode()).decode()
