"""What is known of every token between two closes: returns, gaps, sources."""

import numpy as np
import pandas as pd

#: Memberships that make up each universe.
UNIVERSES = {"core": ("core",), "broad": ("core", "broad"), "broad and memes": ("core", "broad", "meme")}
START, END = pd.Timestamp("2024-12-31"), pd.Timestamp("2025-12-31")
#: A token that the sources first see by this day may have traded before `START`.
JANUARY = pd.Timestamp("2025-01-31")
#: A close with one source is taken to be as uncertain as the 99th percentile of closes with several.
SINGLE_SOURCE_QUANTILE = 0.99


def window_returns(
    tokens: pd.DataFrame,
    token_prices: pd.DataFrame,
    *,
    start: pd.Timestamp = START,
    end: pd.Timestamp = END,
) -> pd.DataFrame:
    """What is known of every token between two closes.

    Parameters
    ----------
    tokens, token_prices : DataFrame
        The tables of those names.
    start, end : Timestamp
        Days of the two closes.

    Returns
    -------
    DataFrame, one row per token
        symbol, name, vertical, membership; status: "full" (both closes), "late" (first close after `start`, return
        from there), "missing" (a close is not there although the token may have existed at `start`), "merged" (gone
        into another token by `start`), "gone" (first close after `start`, none at `end`), "later" (first observed
        after `end`); from_date; start_close, end_close in USD;
        start_spread, end_spread (relative, one-source closes at the percentile of `SINGLE_SOURCE_QUANTILE`);
        return_pct in %.
    """
    inside = token_prices[token_prices["date"].between(start, end)].sort_values("date")
    assumed = token_prices["relative_spread"].quantile(SINGLE_SOURCE_QUANTILE)
    inside = inside.assign(relative_spread=inside["relative_spread"].fillna(assumed))
    first = inside.groupby("symbol").first().add_prefix("start_").rename(columns={"start_date": "from_date"})
    last = inside[inside["date"] == end].set_index("symbol").add_prefix("end_")
    known = ["symbol", "name", "vertical", "membership", "migration_latest"]
    observed = token_prices.groupby("symbol")["date"].min()
    table = (
        tokens[known]
        .assign(first_observed=tokens["symbol"].map(observed))
        .join(first, on="symbol")
        .join(last, on="symbol")
    )
    has_end = table["end_close_usd"].notna()
    table["status"] = np.select(
        [
            table["migration_latest"] <= start,
            (table["from_date"] == start) & has_end,
            table["first_observed"] > end,
            (table["first_observed"] > start) & has_end,
            table["first_observed"] > start,
        ],
        ["merged", "full", "later", "late", "gone"],
        "missing",
    )
    table["return_pct"] = 100 * (table["end_close_usd"] / table["start_close_usd"] - 1)
    names = {
        f"{side}_{a}": f"{side}_{b}"
        for side in ("start", "end")
        for a, b in (("close_usd", "close"), ("relative_spread", "spread"))
    }
    columns = ["symbol", "name", "vertical", "membership", "status", "from_date", *names.values(), "return_pct"]
    return table.rename(columns=names)[columns].reset_index(drop=True)


def with_sources(
    returns: pd.DataFrame, token_prices: pd.DataFrame, *, start: pd.Timestamp = START, end: pd.Timestamp = END
) -> pd.DataFrame:
    """Add a column `sources`: how many independent sources the first and the last close rest on, as "first / last".

    Parameters
    ----------
    returns : DataFrame
        Rows of `window_returns` with status "full".
    token_prices : DataFrame
        The table of that name.
    start, end : Timestamp
        The two days.
    """
    counts = token_prices[token_prices["date"].isin([start, end])].pivot(
        index="symbol", columns="date", values="n_sources"
    )
    both = [f"{counts.at[s, start]:.0f} / {counts.at[s, end]:.0f}" for s in returns["symbol"]]
    return returns.assign(sources=both)


def known_part(
    returns: pd.DataFrame, token_prices: pd.DataFrame, *, start: pd.Timestamp = START, end: pd.Timestamp = END
) -> pd.DataFrame:
    """What the data do say of the missing tokens: the closes nearest to the two days, inside the year or beside it.

    Parameters
    ----------
    returns : DataFrame
        Rows of `window_returns`.
    token_prices : DataFrame
        The table of that name.
    start, end : Timestamp
        The two days.

    Returns
    -------
    DataFrame, one row per missing token
        symbol, name; from_date, from_close and to_date, to_close: the closes nearest to `start` and to `end` (USD);
        change_pct between them, %. Blank where there is no close, or only one.
    """
    missing = returns.loc[returns["status"] == "missing", ["symbol", "name"]].set_index("symbol")
    closes = token_prices[token_prices["symbol"].isin(missing.index)]
    for day, side in ((start, "from"), (end, "to")):
        distance = (closes["date"] - day).abs()
        nearest = closes.loc[distance.groupby(closes["symbol"]).idxmin()].set_index("symbol")
        missing[[f"{side}_date", f"{side}_close"]] = nearest[["date", "close_usd"]].reindex(missing.index)
    missing["change_pct"] = 100 * (missing["to_close"] / missing["from_close"] - 1)
    return missing.reset_index()
