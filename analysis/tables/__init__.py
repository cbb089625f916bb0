"""The schema of every table: columns, types, units, constraints, references.

The reader, `check`, ``datapackage.json`` and the book's data catalogue are derived from it; how each table was compiled
is in ``data/tables.yml``. The engine adds its own tables, of sources and of corrections. Beside each table stands its
type, such as `analysis.tables.gpu.GpuPrices`, by which a signature says which table a function takes; it is a DataFrame
to every reader and type checker.
"""
