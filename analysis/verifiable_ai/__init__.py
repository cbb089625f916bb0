"""Chapter on verifiable AI: the time (V1) and cost (V2) of a proof, of no proof (V3), and hidden weights (V4)."""

from analysis.verifiable_ai.cost import (
    Needs,
    alternatives_v2,
    assess_v2,
    cheapest,
    costs,
    efficiency_at,
    explore_v2,
    implied_price,
    joint_region,
    machines_between,
    with_efficiency,
)
from analysis.verifiable_ai.law import bar_met, fit_law, forward_chaining, observations, of_law, slopes
from analysis.verifiable_ai.literature import alternatives_v1, assess_v1, explore_v1, full_passes, systems
from analysis.verifiable_ai.naive import naive_fit
from analysis.verifiable_ai.overhead import overhead_summary, overheads
from analysis.verifiable_ai.predict import Prediction, ProverMachine, efficiencies, gpt2_prediction, predict_proof
from analysis.verifiable_ai.privacy import privacy_cost
from analysis.verifiable_ai.private import assess_v4, explore_v4
from analysis.verifiable_ai.progress import best_by_date, publications, spells, trend
from analysis.verifiable_ai.rows import added_up, compiled, fit_rows
from analysis.verifiable_ai.shapes import GPT2, Shape, macs, parameters, parse
from analysis.verifiable_ai.unproved import assess_v3, break_even_price, explore_v3, summary

__all__ = [
    "GPT2",
    "Needs",
    "Prediction",
    "ProverMachine",
    "Shape",
    "added_up",
    "alternatives_v1",
    "alternatives_v2",
    "assess_v1",
    "assess_v2",
    "assess_v3",
    "assess_v4",
    "bar_met",
    "best_by_date",
    "break_even_price",
    "cheapest",
    "compiled",
    "costs",
    "efficiencies",
    "efficiency_at",
    "explore_v1",
    "explore_v2",
    "explore_v3",
    "explore_v4",
    "fit_law",
    "fit_rows",
    "forward_chaining",
    "full_passes",
    "gpt2_prediction",
    "implied_price",
    "joint_region",
    "machines_between",
    "macs",
    "naive_fit",
    "observations",
    "of_law",
    "overhead_summary",
    "overheads",
    "parameters",
    "parse",
    "predict_proof",
    "privacy_cost",
    "publications",
    "slopes",
    "spells",
    "summary",
    "systems",
    "trend",
    "with_efficiency",
]
