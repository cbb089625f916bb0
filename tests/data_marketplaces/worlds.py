"""Small tables with a known answer."""

import pandas as pd

COLUMNS = {"derived": False, "reliability": "secondary", "by": "others", "remark": "made up", "source_id": "s"}


def figure(metric: str, first: str | None, last: str | None, value: float | None = None, **more: object) -> dict:
    """A row of `marketplace_figures`."""
    row = {"figure_id": f"{metric}-{first}-{value}", "project": "Grass", "metric": metric, "value": value, "part": ""}
    row |= {"date_from": pd.Timestamp(first), "date_to": pd.Timestamp(last), "low": None, "high": None}
    row |= {"date_precision": "undated" if first is None else "day" if first == last else "span", "bound": "exact"}
    return row | COLUMNS | more


def figures(*rows: dict) -> pd.DataFrame:
    """A table of them."""
    table = pd.DataFrame(list(rows))
    table[["value", "low", "high"]] = table[["value", "low", "high"]].astype(float)
    return table.astype({"date_from": "datetime64[us]", "date_to": "datetime64[us]"})
