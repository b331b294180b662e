"""Datasets as Parquet in parts: `part-00000.parquet`, `part-00001.parquet`, ..."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tidewheel.tables.raw import BATCH_ROWS, Source

ROWS = 1_000_000  # of a part
GROUP = 131_072  # rows of a row group


class PartWriter:
    """Writes record batches of one schema into a folder. Equal rows give equal files, however they were batched."""

    def __init__(self, folder: Path, schema: pa.Schema, rows: int = ROWS) -> None:
        self._folder, self._schema, self._rows = folder, schema, rows
        self._writer: pq.ParquetWriter | None = None
        self._waiting: list[pa.RecordBatch] = []
        self._written = 0  # rows of the part that is open
        self.paths: list[Path] = []

    def write(self, batch: pa.RecordBatch) -> None:
        """Append the rows."""
        self._waiting.append(batch.cast(self._schema))
        while sum(map(len, self._waiting)) >= GROUP:
            self._flush(GROUP)

    def close(self) -> list[Path]:
        """Finish, and answer the parts' paths in order; at least one, be it empty."""
        self._flush(GROUP)
        if not self.paths:
            self._open()
        self._end()
        return self.paths

    def _flush(self, limit: int) -> None:
        table = pa.Table.from_batches(self._waiting, self._schema)
        group = table.slice(0, limit)
        self._waiting = table.slice(limit).to_batches()
        if len(group):
            (self._writer or self._open()).write_table(group, row_group_size=GROUP)
            self._written += len(group)
        if self._written >= self._rows:
            self._end()

    def _open(self) -> pq.ParquetWriter:
        path = self._folder / f"part-{len(self.paths):05}.parquet"
        self.paths.append(path)
        self._writer = pq.ParquetWriter(path, self._schema, compression="zstd")
        return self._writer

    def _end(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._writer, self._written = None, 0


def batches(source: Source, columns: list[str] | None = None, rows: int = BATCH_ROWS) -> Iterator[pa.RecordBatch]:
    """The record batches of one part, in bounded memory."""
    file = pq.ParquetFile(source, buffer_size=1 << 20, pre_buffer=False)
    return iter(file.iter_batches(rows, columns=columns, use_threads=False))
