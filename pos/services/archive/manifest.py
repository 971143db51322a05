"""What is in an archive: counts, a SHA-256 of each table, and what its books came to.

What must stay true: an archive that lost or gained a byte is refused before anything is written;
two archives of the same books have the same `content`, whenever they were made.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from dataclasses import asdict, dataclass, fields
from typing import Any

from core.errors import N_, DomainError

FORMAT, FORMAT_VERSION = "sunruam-archive", 1
NAME = "manifest.json"
_MOMENT = (1980, 1, 1, 0, 0, 0)


class DamagedArchive(DomainError):
    """The file is not what was written: bytes changed, a part missing, or not an archive at all."""

    code, status, title = "damaged-archive", 422, N_("This archive is damaged")
    detail = N_("Make the archive anew where it came from, or copy the file again.")


@dataclass(frozen=True, slots=True)
class Part:
    """A table in an archive."""

    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The first thing to read of an archive."""

    schema: str
    program: str
    made_at: str
    centre: dict[str, str]
    """Code and names."""
    network: dict[str, str]
    tables: dict[str, Part]
    papers: dict[str, int]
    """Sizes of attached papers, by SHA-256."""
    neighbours: dict[str, str]
    """Names of other centres that rows refer to, by code."""
    seals: int
    head_seal: str
    trial_balance: list[list[Any]]
    """Account code, debits and credits in satang, of every account posted to."""
    known_faults: list[str]
    """Checks of `verify` that failed when the archive was made, and `seals` if those did."""

    @property
    def content(self) -> str:
        """What tells an archive of the same books again."""
        parts = sorted((name, part.sha256) for name, part in self.tables.items())
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    def to_json(self) -> bytes:
        """Return the manifest's file."""
        body = {"format": FORMAT, "format_version": FORMAT_VERSION, **asdict(self)}
        return json.dumps({**body, "digest": _digest(body)}, ensure_ascii=False, indent=1).encode()


def member(table: str) -> str:
    """Return the name of a table's file in an archive."""
    return f"tables/{table}.jsonl"


def paper(sha256: str) -> str:
    """Return the name of an attached paper's file in an archive."""
    return f"papers/{sha256}"


def zip_info(name: str) -> zipfile.ZipInfo:
    """Return an entry of the zip without the hour, which would make each file another."""
    info = zipfile.ZipInfo(name, _MOMENT)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def read(archive: zipfile.ZipFile) -> Manifest:
    """Return the manifest of an archive. Raises DamagedArchive."""
    try:
        body = json.loads(archive.read(NAME))
        digest = body.pop("digest")
        if (body.pop("format"), body.pop("format_version")) != (FORMAT, FORMAT_VERSION):
            raise DamagedArchive(part=NAME)
        whole = {"format": FORMAT, "format_version": FORMAT_VERSION, **body}
        if digest != _digest(whole) or body.keys() != {one.name for one in fields(Manifest)}:
            raise DamagedArchive(part=NAME)
        body["tables"] = {name: Part(**part) for name, part in body["tables"].items()}
        return Manifest(**body)
    except (KeyError, TypeError, ValueError, AttributeError, zipfile.BadZipFile, zlib.error):
        raise DamagedArchive(part=NAME) from None


def _digest(body: dict[str, Any]) -> str:
    canonical = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
