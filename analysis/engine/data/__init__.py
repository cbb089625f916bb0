"""Tables and documents of a data folder: sealed by hash, read strictly, corrected only as declared.

`tables.load` is the only way from a file to a DataFrame. Everything a file may get wrong is refused with table, row,
column and rule (`sealed.DataError`), except byte-order marks, Windows line ends and trailing blank lines, which are
harmless. Nothing is imported here, so that what needs no table starts at once.
"""
