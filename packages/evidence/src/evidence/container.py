"""A zip file in one form only: files stored uncompressed, one after the other, nothing else.

Stored, so that nothing can unpack to more than the file's own size. In one form, so that a byte
changed in a header shows as much as one in a file; and read without zip's own checksums, so that
a changed byte inside a part leads to the event it belongs to, not only to the file.
"""

from collections.abc import Iterable
from struct import Struct
from struct import error as StructError  # noqa: N812 # it is an exception class
from typing import Final
from zlib import crc32

MAX_BYTES: Final = 1024 * 1024 * 1024
MAX_FILES: Final = 64

_LOCAL: Final = Struct("<4sHHHHHIIIHH")
_CENTRAL: Final = Struct("<4sHHHHHHIIIHHHHHII")
_END: Final = Struct("<4sHHHHIIH")
_NEEDS: Final = 20
_MADE_BY: Final = 3 << 8 | _NEEDS
_UTF8: Final = 0x0800
# 1 January 1980, the first day zip knows: when a bundle was packed is no part of it.
_DATE: Final = 0x21
_MODE: Final = 0o100644 << 16


class BadContainer(ValueError):  # noqa: N818 # it says what was found
    """The bytes are no container of the one form."""


def pack(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Return a zip of (name, content), in the order given."""
    local: list[bytes] = []
    central: list[bytes] = []
    offset = 0
    for name, content in files:
        encoded, check, size = name.encode(), crc32(content), len(content)
        shared = (_NEEDS, _UTF8, 0, 0, _DATE, check, size, size, len(encoded), 0)
        head = _LOCAL.pack(b"PK\x03\x04", *shared) + encoded
        local += [head, content]
        central += [
            _CENTRAL.pack(b"PK\x01\x02", _MADE_BY, *shared, 0, 0, 0, _MODE, offset),
            encoded,
        ]
        offset += len(head) + size
    index = b"".join(central)
    count = len(central) // 2
    if count > MAX_FILES or offset + len(index) > MAX_BYTES:
        raise BadContainer(f"a bundle has at most {MAX_FILES} files and {MAX_BYTES} bytes")
    end = _END.pack(b"PK\x05\x06", 0, 0, count, count, len(index), offset, 0)
    return b"".join([*local, index, end])


def unpack(data: bytes) -> list[tuple[str, bytes]]:
    """Return the files as they stand in the container; its headers are `same`'s to judge.

    BadContainer where no files can be found in it, a name comes twice, or a bound is passed.
    """
    if len(data) > MAX_BYTES:
        raise BadContainer(f"a bundle has at most {MAX_BYTES} bytes")
    files: dict[str, bytes] = {}
    offset = 0
    try:
        while data[offset : offset + 4] == b"PK\x03\x04":
            fields = _LOCAL.unpack_from(data, offset)
            size, name_size, extra_size = fields[8], fields[9], fields[10]
            if fields[3] or fields[7] != size or extra_size:
                raise BadContainer("it was packed by another program, not by an export")
            start = offset + _LOCAL.size + name_size
            name = data[offset + _LOCAL.size : start].decode()
            offset = start + size
            if offset > len(data) or name in files or len(files) == MAX_FILES:
                raise BadContainer("its files overlap, repeat or are too many")
            files[name] = data[start:offset]
    except (StructError, UnicodeDecodeError) as error:
        raise BadContainer("it is no zip of an export") from error
    if not files:
        raise BadContainer("it is no zip of an export")
    return list(files.items())
