"""Text, checked while it streams by: encoding, size, and what is no text at all."""

import codecs
import gzip
import zlib

from tidewheel.domain.errors import UploadRefused
from tidewheel.domain.upload import Limits, too_large
from tidewheel.tables.raw import Source

CHUNK = 1 << 20
FOREIGN = {
    codecs.BOM_UTF16_LE: "UTF-16 text",
    codecs.BOM_UTF16_BE: "UTF-16 text",
    b"\x1f\x8b": "gzip: end its name in .gz",
    b"PK\x03\x04": "a zip archive or an Excel file",
    b"PAR1": "Parquet: end its name in .parquet",
}


class Text:
    """The bytes of a text file without a byte order mark; each read raises UploadRefused for what is not UTF-8.

    `has_nul` tells whether a NUL went by. `peek()` is the first chunk, which is read again afterwards.
    """

    closed = False

    def __init__(self, source: Source, gzipped: bool, limits: Limits) -> None:
        self._source: Source = gzip.GzipFile(fileobj=source) if gzipped else source
        self._limits = limits
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._offset = 0
        self._waiting = b""
        self.has_nul = False
        first = self._next(CHUNK)
        self._waiting = first.removeprefix(codecs.BOM_UTF8)

    def peek(self) -> bytes:
        """The first chunk, at most CHUNK bytes."""
        return self._waiting

    def read(self, size: int = CHUNK) -> bytes:
        """Up to `size` bytes; none at the end."""
        chunk = self._waiting[:size] or self._next(size)
        self._waiting = self._waiting[size:]
        return chunk

    def readable(self) -> bool:
        """As files answer."""
        return True

    def close(self) -> None:
        """Leave the source to whoever opened it."""

    def _next(self, size: int) -> bytes:
        try:
            chunk = self._source.read(size)
        except (OSError, EOFError, zlib.error) as error:
            raise _broken(str(error)) from error
        if self._offset == 0:
            _check_magic(chunk)
        self._check_encoding(chunk)
        self.has_nul |= b"\0" in chunk
        self._offset += len(chunk)
        if self._offset > self._limits.decoded_bytes:
            raise too_large("unpacked it is larger", f"{self._limits.decoded_bytes:,} bytes")
        return chunk

    def _check_encoding(self, chunk: bytes) -> None:
        pending = self._decoder.getstate()[0]
        if not pending and chunk.isascii():
            return
        try:
            self._decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            at = self._offset - len(pending) + error.start
            byte = error.object[error.start]
            raise _wrong_encoding(f"byte {at:,} (0x{byte:02x}) is not UTF-8", "Save the file as UTF-8") from None


def _check_magic(chunk: bytes) -> None:
    for magic, name in FOREIGN.items():
        if chunk.startswith(magic):
            raise _wrong_encoding(f"this is {name}", "Save it as UTF-8 text, or name it what it is")
    if chunk[:200].count(0) > len(chunk[:200]) // 4:
        raise _wrong_encoding("every other byte is NUL, as in UTF-16", "Save the file as UTF-8")


def _wrong_encoding(problem: str, remedy: str) -> UploadRefused:
    return UploadRefused("WrongEncoding", problem, place="file", remedy=remedy)


def _broken(problem: str) -> UploadRefused:
    return UploadRefused("BrokenFile", f"it cannot be unpacked: {problem}", place="file", remedy="Upload it again")
