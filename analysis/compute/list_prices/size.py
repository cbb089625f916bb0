"""How often each test of the hedonic regression rejects what is true, at the numbers of providers that there are.

The simulator of the table ``bootstrap_size``. Its errors are invented, its design is the one observed: the rows,
machines, months and providers of the sample, with no effect of the kind of provider.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.compute.list_prices.hedonic import COMPARISONS, columns_of, controls_of, fitted, weights_of
from analysis.engine.inference import clustered
from analysis.engine.inference.clustered import ClusterSums
from analysis.engine.inference.resampling import CONFIDENCE, SEED
from analysis.tables.bootstrap import BOOTSTRAP_SIZE, TESTS, BootstrapSize

SIMULATOR = "analysis.compute.list_prices.size.simulate_size"
SIMULATIONS = 1_000
DRAWS = 399
#: Spread of the compared providers' own effects, as a multiple of that of all others.
SPREADS = (1.0, 2.0)


def between_share(sample: pd.DataFrame) -> float:
    """Share of the variance of the regression's residuals that lies between providers, by analysis of variance.

    An offer (provider, machine, count, kind of price) that was looked at in several weeks counts once, by its mean.

    References
    ----------
    One-way random effects with unequal groups, as in Searle, Casella & McCulloch (1992), Variance Components.
    """
    residuals = fitted(sample).resid.groupby(offers_of(sample)).mean()
    groups = residuals.groupby(sample["provider"].groupby(offers_of(sample)).first())
    size, n, G = groups.size(), len(residuals), groups.ngroups
    within = ((residuals - groups.transform("mean")) ** 2).sum() / (n - G)
    between = (size * (groups.mean() - residuals.mean()) ** 2).sum() / (G - 1)
    own = max(0.0, (between - within) / ((n - (size**2).sum() / n) / (G - 1)))
    return float(own / (own + within))


def offers_of(sample: pd.DataFrame) -> pd.Series:
    """Number of the offer that each row is an observation of.

    Examples
    --------
    >>> rows = pd.DataFrame({"provider": ["a", "a", "b"], "machine": "M", "gpu_count": None, "interruptible": False})
    >>> offers_of(rows).tolist()
    [0, 0, 1]
    """
    return sample.groupby(["provider", "machine", "gpu_count", "interruptible"], dropna=False).ngroup()


def simulate_size(
    sample: pd.DataFrame,
    *,
    simulations: int = SIMULATIONS,
    draws: int = DRAWS,
    seed: int = SEED,
    spreads: tuple[float, ...] = SPREADS,
) -> pd.DataFrame:
    """Share of simulations in which each test rejects a true null at 5 %, as the table ``bootstrap_size`` holds it.

    Log prices are drawn as a normal effect of the provider plus a normal error of the offer, which it keeps when looked
    at again, in the shares that the residuals show (`between_share`); providers weigh the same. With a spread of 2 the
    providers of the first kind of a comparison differ twice as much among themselves as others do, which randomisation
    does not allow for.

    Parameters
    ----------
    sample : DataFrame
        As from `analysis.compute.list_prices.hedonic.cross_section`.
    simulations : int
        Per comparison and spread.
    draws : int
        Of the bootstrap, and of arrangements drawn at random; 19, 39, … so that 5 % is a whole number of them.
    """
    controls, labels = controls_of(sample)
    share, counts, out = between_share(sample), labels.value_counts(), []
    for number, (kind, reference) in enumerate(COMPARISONS):
        for spread in spreads:
            rng = np.random.default_rng([seed, number, round(1000 * spread)])
            own = np.sqrt(share) * np.where(labels.loc[list(controls.clusters)] == kind, spread, 1.0)
            simulated = _simulated(sample, controls, own, np.sqrt(1 - share), simulations, rng)
            p_values = _p_values(simulated, labels, kind, reference, draws)
            told = {"provider_type": kind, "reference": reference, "spread": spread}
            told |= {"providers": int(counts[kind]), "references": int(counts[reference])}
            rejected = (p_values <= 1 - CONFIDENCE).mean(axis=0)
            out.append(pd.DataFrame({"test": TESTS, "rejected": rejected}).assign(**told))
    table = pd.concat(out, ignore_index=True).assign(
        level=round(1 - CONFIDENCE, 10),
        all_providers=len(labels),
        rows=len(sample),
        between_share=round(share, 6),
        draws=draws,
        simulations=simulations,
        seed=seed,
        simulator=SIMULATOR,
    )
    return table[list(BOOTSTRAP_SIZE.columns)]


def _simulated(
    sample: pd.DataFrame,
    controls: ClusterSums,
    own: np.ndarray,
    rest: float,
    simulations: int,
    rng: np.random.Generator,
) -> Iterator[tuple[ClusterSums, int]]:
    """Sums over providers of simulated prices, with effects of providers so large and errors of offers; and a seed."""
    weight = weights_of(sample, "providers").to_numpy()[:, None]
    X, inside = weight * columns_of(sample).to_numpy(), pd.get_dummies(sample["provider"]).to_numpy(dtype=float)
    offers = offers_of(sample).to_numpy()
    for _ in range(simulations):
        errors = rest * rng.standard_normal(offers.max() + 1)
        y = inside @ (own * rng.standard_normal(len(own))) + errors[offers]
        yield replace(controls, moments=(inside * y[:, None]).T @ X), int(rng.integers(2**31))


def _p_values(
    simulated: Iterable[tuple[ClusterSums, int]], labels: pd.Series, kind: str, reference: str, draws: int
) -> np.ndarray:
    """By each test, shape (simulations, tests)."""
    told = {"treated": kind, "reference": reference, "draws": draws, "interval": False}
    rows, fixed = [], None
    for sums, seed in simulated:
        full = clustered.with_labels(sums, labels, reference=reference)
        fixed = fixed or clustered.adjustment(full, (kind,))  # of the design, which all simulations share
        by_cr2 = clustered.adjusted(full, kind, fixed[0][0], fixed[1][0])
        tests = (
            clustered.crv1(full, kind),
            by_cr2,
            clustered.wild_cluster_bootstrap_t(full, kind, seed=seed, draws=draws, interval=False),
            clustered.randomisation_inference(sums, labels, **told, seed=seed),
            clustered.randomisation_inference(sums, labels, **told, seed=seed, exchange="all"),
        )
        rows.append([test.p_value for test in tests])
    return np.array(rows)


def counts_fit(bootstrap_size: BootstrapSize, labels: pd.Series, rows: int) -> bool:
    """Whether stored rejection rates were simulated on these numbers of rows and of providers with these labels."""
    counts = labels.value_counts()
    own = {name: bootstrap_size[kind].map(counts).fillna(0) for name, kind in KINDS.items()}
    own |= {"all_providers": len(labels), "rows": rows}
    return len(bootstrap_size) > 0 and all((bootstrap_size[name] == count).all() for name, count in own.items())


#: Column with a count of providers -> the column with their kind.
KINDS = {"providers": "provider_type", "references": "reference"}
