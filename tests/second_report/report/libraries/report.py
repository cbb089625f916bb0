"""The report on a town's libraries as the engine is handed it."""

from pathlib import Path

from analysis.engine.data.report import Report

REPORT = Report(
    package="libraries",
    root=Path(__file__).resolve().parents[1],
    name="town-libraries-recomputed",
    title="Observations on the libraries of a town",
    tables=("libraries.tables",),
    assessors={claim: f"libraries.lending:assess_{claim.lower()}" for claim in ("L1", "L2", "L3", "L4")},
    reference="report",
    units=("EUR/visit",),
)
