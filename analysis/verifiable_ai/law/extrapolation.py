"""What the laws say beyond what was proved, as tables: their lines, GPT-2's k, and the machines that would do."""

from datetime import date

import numpy as np
import pandas as pd

from analysis.engine.words.formats import interval, quantity
from analysis.tables.machines import MachinePrices
from analysis.verifiable_ai.law.powers import Law
from analysis.verifiable_ai.law.predict import Prediction
from analysis.verifiable_ai.law.rows import COLUMNS
from analysis.verifiable_ai.machines import Needs, cheapest

#: Points of a line.
POINTS = 25
#: What is tabulated of a prediction: in words -> its field.
TABULATED = {"rows of the circuit": "rows", "processor time": "cpu", "time on the machine": "wall"}
TABULATED |= {"peak memory": "memory", "cost": "cost"}
#: What is tabulated of an instance.
INSTANCE = ["provider", "instance", "memory_gib", "vcpus", "usd_per_hour"]


def law_lines(law: Law, proofs: pd.DataFrame, *, family: str, until: float) -> pd.DataFrame:
    """Lines of a law: each family over the cells that were proved, `family` on until more of them.

    `proofs` is from `analysis.verifiable_ai.law.powers.of_law`.

    Returns
    -------
    DataFrame, one row a family and size
        `family`, `cells`, `value`, `low`, `high` (95 % interval of a new circuit, unit of the law's outcome), `model`
        (whether no proof of the family is as large).
    """
    parts = []
    for name in law.families:
        cells = proofs.loc[proofs["family"] == name, "cells"]
        sizes = np.geomspace(cells.min(), cells.max(), POINTS)
        if name == family and until > cells.max():
            sizes = np.append(sizes, np.geomspace(cells.max(), until, POINTS))
        found = pd.DataFrame([law.predict(name, size) for size in sizes], columns=["value", "low", "high"])
        parts.append(found.assign(family=name, cells=sizes, model=np.arange(len(sizes)) >= POINTS))
    return pd.concat(parts, ignore_index=True)[["family", "cells", "value", "low", "high", "model"]]


def by_k(law: Law, prediction: Prediction) -> pd.DataFrame:
    """What a network's proof takes, by a law of cells, at each k that its rows may need.

    Returns
    -------
    DataFrame, one row a k
        `k`, `probability`, `cells`, `doublings` (beyond the largest circuit of its family in the fit), `value`, `low`,
        `high` (95 % interval, unit of the law's outcome).
    """
    rows = []
    for k, probability in sorted(prediction.k.items()):
        cells = COLUMNS * 2.0**k
        value, low, high = law.predict(prediction.shape.family, cells)
        rows.append((k, probability, cells, law.doublings(cells, prediction.shape.family), value, low, high))
    return pd.DataFrame(rows, columns=["k", "probability", "cells", "doublings", "value", "low", "high"])


def tabulated(prediction: Prediction) -> pd.DataFrame:
    r"""A prediction as a table.

    Returns
    -------
    DataFrame, one row a quantity
        `quantity`, `median`, `95 % interval`, in words and to three digits; no cost where the machine has no price.

    Examples
    --------
    >>> from types import SimpleNamespace as Made
    >>> q = Made(value=33_455.6, low=15_567.0, high=45_439.0, unit="s")
    >>> tabulated(Made(rows=q, cpu=q, wall=q, memory=q, cost=None)).iloc[0, 1].replace("\xa0", " ")
    '9.29 h'
    """
    rows = []
    for name, field in TABULATED.items():
        q = getattr(prediction, field)
        if q is not None:
            ends = (q.value, q.low, q.high)  # a time is written to three digits of its own unit
            value, low, high = ends if q.unit == "s" else (float(f"{x:.3g}") for x in ends)
            rows.append((name, quantity(value, q.unit), interval(low, high, q.unit)))
    return pd.DataFrame(rows, columns=["quantity", "median", "95 % interval"])


def machines_for(prediction: Prediction, machine_prices: MachinePrices, *, on: date) -> pd.DataFrame:
    """Cheapest hyperscaler instance, on demand, that holds a proof: at the median and at either end of its memory.

    Returns
    -------
    DataFrame, three rows
        `memory` (which end), `gib`, `provider`, `instance`, `memory_gib`, `vcpus`, `usd_per_hour`; without an instance
        where the table has none that is large enough.
    """
    memory, rows = prediction.memory, []
    for end, gib in {"lower end": memory.low, "median": memory.value, "upper end": memory.high}.items():
        found = cheapest(machine_prices, Needs(memory_gib=gib), on=on)
        rows.append({"memory": end, "gib": gib} | ({} if found is None else dict(found[INSTANCE])))
    return pd.DataFrame(rows, columns=["memory", "gib", *INSTANCE]).astype(machine_prices[INSTANCE].dtypes)
