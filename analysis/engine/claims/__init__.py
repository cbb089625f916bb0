"""Claims as data, what is found on them, and the judge.

The judge, the coverage of the report's sentences, and what seals a folder stand in modules of their own.
"""

from analysis.engine.claims.claims import (
    CLAIMS,
    ID,
    NUMERIC_KINDS,
    Asserted,
    Bearing,
    Bound,
    Claim,
    Kind,
    Place,
    Sha256,
    Unit,
    acceptance,
    asserted_figure,
    frozen,
    interval,
    load_claims,
    read_claims,
)
from analysis.engine.claims.findings import Curve, Estimate, Evidence, Finding, Support, allowed
