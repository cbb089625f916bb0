"""The one description of every table: columns, types, units, constraints, references, how it was compiled.

The reader, `check`, ``datapackage.json`` and the book's data catalogue are all derived from it. The engine adds its own
tables, of sources and of corrections.
"""

from analysis.engine.data.columns import Table
from analysis.tables.agents import AGENT_CASES, AGENT_RESULTS, AGENT_VALUES
from analysis.tables.bootstrap import BOOTSTRAP_SIZE
from analysis.tables.gpu import GPU_MODELS, GPU_PRICES, GPU_PROVIDERS
from analysis.tables.gpu_throughput import GPU_THROUGHPUT
from analysis.tables.interruptions import SPOT_RUNS
from analysis.tables.machines import MACHINE_PRICES
from analysis.tables.market import MARKET_SHARES, MARKET_SIZES
from analysis.tables.marketplaces import (
    DATA_DEALS,
    MARKETPLACE_FIGURES,
    MARKETPLACE_PROPERTIES,
    PAYMENT_RULES,
)
from analysis.tables.networks import COMPUTE_AVAILABILITY, GPU_PRICE_INDICES, NETWORK_USE, RENDER_PRICES
from analysis.tables.proving import GPU_INFERENCE, ZK_CIRCUITS, ZK_INFERENCE, ZK_PROOFS, ZK_PUBLISHED
from analysis.tables.tokens import (
    GSADF_CRITICAL_VALUES,
    MARKET_PRICES,
    PUBLISHED_RETURNS,
    TOKEN_PRICES,
    TOKEN_SUPPLIES,
    TOKEN_TURNOVER,
    TOKENS,
)
from analysis.tables.training import INTERCONNECTS, TRAINING_RUNS

OBSERVED: tuple[Table, ...] = (
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
)
