"""Tables of prices whose truth is known, because it was planted."""

import numpy as np
import pandas as pd

PROVIDERS = {
    "hyperscaler": ("aws", "azure", "gcp"),
    "network": ("akash", "lium", "spheron"),
    "marketplace": ("vast.ai", "salad", "tensordock", "sfcompute"),
    "specialist": ("lambda", "nebius", "vultr", "ovh", "crusoe", "civo"),
}
MACHINES = {
    ("H100-80GB", "SXM"): 6.0,
    ("H100-80GB", "PCIe"): 4.0,
    ("A100-80GB", "SXM"): 3.0,
    ("L4-24GB", "single"): 1.0,
}
#: Planted: what each kind asks, as a share of what hyperscalers do; spot over on-demand; per doubling of the count.
SHARE = {"hyperscaler": 1.0, "network": 0.4, "marketplace": 0.3, "specialist": 0.5}
SPOT, DOUBLING = 0.45, 1.1
MONTHS = {"2026-07-05": 1.0, "2026-08-09": 1.05, "2026-09-20": 0.9}


def cross_section_prices(*, noise: float = 0.0, seed: int = 0, rows: int = 12) -> pd.DataFrame:
    """The table `gpu_prices` of a world where log prices add up as planted; noise is an effect of each provider."""
    rng, out = np.random.default_rng(seed), []
    for kind, providers in PROVIDERS.items():
        for provider in providers:
            own = np.exp(noise * rng.standard_normal())
            for _ in range(rows):
                (gpu, form), worth = list(MACHINES.items())[rng.integers(len(MACHINES))]
                day, level = list(MONTHS.items())[rng.integers(len(MONTHS))]
                count, spot = rng.choice([1.0, 2.0, 8.0]), rng.random() < 0.3
                stated = rng.random() < 0.8
                usd = worth * own * SHARE[kind] * level * (SPOT if spot else 1.0) * DOUBLING ** np.log2(count)
                usd *= 1.0 if stated else 1.2 / DOUBLING ** np.log2(count)
                price_model = rng.choice(["spot", "bid"]) if spot else "on-demand"
                row = (day, provider, kind, gpu, form, count if stated else np.nan, price_model, usd)
                out.append(row)
    columns = [
        "observed_on", "provider", "provider_type", "gpu_model", "form_factor", "gpu_count", "price_model",
        "usd_per_gpu_hour",
    ]  # fmt: skip
    frame = pd.DataFrame(out, columns=columns)
    return frame.assign(observed_on=pd.to_datetime(frame["observed_on"]), instance="", region="")


def listed_prices(levels: dict[str, dict[str, float]], *, regions: tuple[str, ...] = ("east", "west")) -> pd.DataFrame:
    """Hyperscalers' list prices: provider -> day -> level, on which every machine of it is priced on that day."""
    out = []
    for provider, days in levels.items():
        for day, level in days.items():
            for (gpu, form), worth in MACHINES.items():
                for count in (1.0, 8.0):
                    for place, region in enumerate(regions):
                        usd = worth * level * (1 + 0.2 * place) * DOUBLING ** np.log2(count)
                        out.append((day, provider, f"{gpu} {form} x{count:g}", gpu, form, count, region, usd))
    columns = [
        "observed_on",
        "provider",
        "instance",
        "gpu_model",
        "form_factor",
        "gpu_count",
        "region",
        "usd_per_gpu_hour",
    ]
    frame = pd.DataFrame(out, columns=columns)
    return frame.assign(
        observed_on=pd.to_datetime(frame["observed_on"]),
        provider_type="hyperscaler",
        price_model="on-demand",
        source_id="s",
    )
