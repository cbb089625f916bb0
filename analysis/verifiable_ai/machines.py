"""Which rented machine is at least as large as a stated one, and what an hour of it costs."""

import re
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from analysis.tables.machines import MachinePrices

SECONDS_PER_HOUR = 3600
#: Machines are rented by the GiB (2^30 bytes) and described by the GB (10^9 bytes).
GB_PER_GIB = 2**30 / 1e9
#: Where a machine is rented and how: kind of cloud and kind of price, as in the table.
Market = tuple[str, str]
ON_DEMAND: Market = ("hyperscaler", "on-demand")


@dataclass(frozen=True, slots=True)
class Needs:
    """What a machine must have at least; NaN and "" ask for nothing.

    Attributes
    ----------
    vcpus : float
        Processors.
    memory_gib : float
        Memory, GiB.
    gpu_model : str
        Such as A100, A100-40GB or A100-40GB-SXM.
    gpus : float
        How many of them.
    """

    vcpus: float = np.nan
    memory_gib: float = np.nan
    gpu_model: str = ""
    gpus: float = np.nan

    @property
    def stated(self) -> bool:
        """Whether anything is asked for."""
        return bool(self.gpu_model) or not np.isnan([self.vcpus, self.memory_gib, self.gpus]).all()


def gpu_at_least(offered: str, stated: str) -> bool:
    """Whether a GPU is the stated model, with at least its memory and in its form where these are stated.

    Examples
    --------
    >>> gpu_at_least("A100-80GB-SXM", "A100-40GB"), gpu_at_least("A100-80GB-PCIe", "A100-40GB-SXM")
    (True, False)
    >>> gpu_at_least("H100-80GB-SXM", "A100-40GB"), gpu_at_least("none", "")
    (False, True)
    """
    if not stated:
        return True
    (model, memory, form), (wanted, least, shape) = _parts(offered), _parts(stated)
    return model == wanted and memory >= least and (not shape or form == shape)


def _parts(gpu: str) -> tuple[str, float, str]:
    model, *rest = gpu.split("-")
    memory = next((float(m[1]) for part in rest if (m := re.fullmatch(r"(\d+)GB", part))), 0.0)
    return model, memory, next((part for part in rest if not part.endswith("GB")), "")


def nearest_prices(machine_prices: MachinePrices, *, on: date, market: Market = ON_DEMAND) -> pd.DataFrame:
    """Price of every instance in every region at the date nearest to a day; a hyperscaler's only with its region.

    Of two dates equally near the earlier; an undated price only where there is no dated one.
    """
    kind, price_type = market
    chosen = (machine_prices["kind"] == kind) & (machine_prices["price_type"] == price_type)
    if kind == "hyperscaler":
        chosen &= machine_prices["region"] != ""
    table = machine_prices[chosen]
    table = table.assign(away=(table["observed_on"] - pd.Timestamp(on)).abs())
    table = table.sort_values(["away", "observed_on", "usd_per_hour", "source_id"], na_position="last")
    return table.drop_duplicates(["provider", "instance", "region", "gpu_model", "gpus"]).drop(columns="away")


def cheapest(machine_prices: MachinePrices, needs: Needs, *, on: date, market: Market = ON_DEMAND) -> pd.Series | None:
    """Row of the cheapest instance with at least a machine's processors, memory and GPUs; None without one.

    Prices are those nearest to the day. Specialist clouds state GPUs alone, so that only these are compared there, and
    a machine without GPU has no price.
    """
    table = nearest_prices(machine_prices, on=on, market=market)
    enough = table["gpu_model"].map(lambda offered: gpu_at_least(offered, needs.gpu_model)).astype(bool)
    if needs.gpu_model:
        enough &= table["gpus"] >= (1 if np.isnan(needs.gpus) else needs.gpus)
    if market[0] == "specialist":
        enough &= bool(needs.gpu_model)
    else:
        for column, least in (("vcpus", needs.vcpus), ("memory_gib", needs.memory_gib)):
            enough &= np.isnan(least) | (table[column] >= least)
    fitting = table[enough].sort_values(["usd_per_hour", "provider", "instance", "region"], kind="stable")
    return fitting.iloc[0] if len(fitting) else None
