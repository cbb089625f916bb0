"""The one description of every table: columns, types, units, constraints, references, how it was compiled.

The reader, `check`, ``datapackage.json`` and the book's data catalogue are all derived from it.
"""

from analysis.data.schemas.agents import AGENT_CASES, AGENT_RESULTS, AGENT_VALUES
from analysis.data.schemas.base import Table
from analysis.data.schemas.bootstrap import BOOTSTRAP_SIZE
from analysis.data.schemas.gpu import GPU_MODELS, GPU_PRICES, GPU_PROVIDERS
from analysis.data.schemas.gpu_throughput import GPU_THROUGHPUT
from analysis.data.schemas.interruptions import SPOT_RUNS
from analysis.data.schemas.machines import MACHINE_PRICES
from analysis.data.schemas.market import MARKET_SHARES, MARKET_SIZES
from analysis.data.schemas.marketplaces import (
    DATA_DEALS,
    MARKETPLACE_FIGURES,
    MARKETPLACE_PROPERTIES,
    PAYMENT_RULES,
)
from analysis.data.schemas.networks import COMPUTE_AVAILABILITY, GPU_PRICE_INDICES, NETWORK_USE, RENDER_PRICES
from analysis.data.schemas.proving import GPU_INFERENCE, ZK_CIRCUITS, ZK_INFERENCE, ZK_PROOFS, ZK_PUBLISHED
from analysis.data.schemas.register import SOURCES, corrections
from analysis.data.schemas.tokens import (
    GSADF_CRITICAL_VALUES,
    MARKET_PRICES,
    PUBLISHED_RETURNS,
    TOKEN_PRICES,
    TOKEN_SUPPLIES,
    TOKEN_TURNOVER,
    TOKENS,
)
from analysis.data.schemas.training import INTERCONNECTS, TRAINING_RUNS

_OBSERVED = (
    TOKEN_PRICES,
    MARKET_PRICES,
    TOKEN_SUPPLIES,
    TOKEN_TURNOVER,
    PUBLISHED_RETURNS,
    GSADF_CRITICAL_VALUES,
    ZK_PROOFS,
    ZK_CIRCUITS,
    ZK_INFERENCE,
    GPU_INFERENCE,
    ZK_PUBLISHED,
    MACHINE_PRICES,
    GPU_PRICES,
    GPU_PROVIDERS,
    GPU_MODELS,
    GPU_THROUGHPUT,
    BOOTSTRAP_SIZE,
    COMPUTE_AVAILABILITY,
    NETWORK_USE,
    GPU_PRICE_INDICES,
    RENDER_PRICES,
    SPOT_RUNS,
    TRAINING_RUNS,
    INTERCONNECTS,
    MARKET_SHARES,
    MARKET_SIZES,
    MARKETPLACE_FIGURES,
    MARKETPLACE_PROPERTIES,
    PAYMENT_RULES,
    DATA_DEALS,
    AGENT_VALUES,
    AGENT_RESULTS,
    AGENT_CASES,
    TOKENS,
    SOURCES,
)
TABLES: dict[str, Table] = {table.name: table for table in (*_OBSERVED, corrections(_OBSERVED))}


def read_with(name: str) -> tuple[str, ...]:
    """Tables that reading a table reads: itself, what it refers to, and the declared corrections.

    Examples
    --------
    >>> read_with("tokens")
    ('corrections', 'sources', 'tokens')
    """
    found, waiting = set(), [name, "corrections"]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [other for other, _ in TABLES[name].references.values()]
    return tuple(sorted(found))
