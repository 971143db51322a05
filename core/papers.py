"""Pictures and PDFs people bring: told by their bytes, kept in files named by their SHA-256.

What must stay true: a name or a header says nothing about a file, only its bytes do; a file is
written whole or not at all, once for the same bytes, and never under a name somebody chose.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import zlib
from pathlib import Path

JPEG, PNG, WEBP, PDF = "image/jpeg", "image/png", "image/webp", "application/pdf"
SUFFIXES = {JPEG: "jpg", PNG: "png", WEBP: "webp", PDF: "pdf"}
FOLDER = "attachments"
_PNG_SIGN = b"\x89PNG\r\n\x1a\n"
_JPEG_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}


def media_type_of(data: bytes) -> str | None:
    """Return what a file is by its bytes, or None when it is nothing we keep, or is broken."""
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG if _is_jpeg(data) else None
    if data.startswith(_PNG_SIGN):
        return PNG if _is_png(data) else None
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return WEBP if _is_webp(data) else None
    if data.startswith(b"%PDF-"):
        return PDF if data[5:6].isdigit() and b"%%EOF" in data[-1024:] else None
    return None


def _is_jpeg(data: bytes) -> bool:
    """Walk the segments up to the picture itself: a frame must come first, and an end after."""
    at, framed = 2, False
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == 0xDA:
            return framed and b"\xff\xd9" in data[at:]
        if length < 2:
            return False
        framed = framed or marker in _JPEG_FRAMES
        at += 2 + length
    return False


def _is_png(data: bytes) -> bool:
    """Walk the chunks: each has its checksum, the first is the head and the last the end."""
    at, first = len(_PNG_SIGN), True
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        kind, end = data[at + 4 : at + 8], at + 8 + length
        if end + 4 > len(data) or (first and kind != b"IHDR"):
            return False
        if zlib.crc32(data[at + 4 : end]) != int.from_bytes(data[end : end + 4], "big"):
            return False
        if kind == b"IEND":
            return end + 4 == len(data)
        at, first = end + 4, False
    return False


def _is_webp(data: bytes) -> bool:
    size = int.from_bytes(data[4:8], "little") + 8
    return size in (len(data), len(data) - 1) and data[12:16] in (b"VP8 ", b"VP8L", b"VP8X")


def digest(data: bytes) -> str:
    """Return the name of some bytes."""
    return hashlib.sha256(data).hexdigest()


def path_of(var: Path, sha256: str) -> Path:
    """Return where the bytes of a digest lie."""
    assert len(sha256) == 64 and sha256.isalnum()
    return var / FOLDER / sha256[:2] / sha256[2:]


def keep(var: Path, data: bytes) -> str:
    """Write bytes under their digest unless they are there; return it."""
    sha256 = digest(data)
    target = path_of(var, sha256)
    if read(var, sha256) is not None:
        return sha256
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return sha256


def read(var: Path, sha256: str) -> bytes | None:
    """Return the bytes of a digest; None when they are missing or no longer the same."""
    try:
        data = path_of(var, sha256).read_bytes()
    except OSError:
        return None
    return data if digest(data) == sha256 else None
