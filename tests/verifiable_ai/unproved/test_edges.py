"""Which sessions are quiet, and what passes for one token."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis.engine.claims import load_claims
from analysis.verifiable_ai.unproved import unproved

AS_OF = date(2026, 1, 22)

claims = pytest.fixture(scope="module")(load_claims)


@pytest.mark.parametrize(("load", "quiet"), [(0.99, (1,)), (1.0, ())])
def test_a_session_is_quiet_below_one_runnable_process_at_its_first_run(load, quiet):
    rows = pd.DataFrame({"session": 1, "measured_at": ["2026-11-25T10:01", "2026-11-25T10:00"], "load": [9.0, load]})
    assert unproved.quiet_sessions(rows) == quiet


def test_up_to_four_earlier_tokens_pass_for_one():
    priced = pd.DataFrame({"tokens": 1, "cached_tokens": [0, 4, 5], "reason": "", "share": [0.1, 0.3, 9.0]})
    assert unproved.share_on_gpu(priced, tokens=1) == pytest.approx(0.2)
    assert np.isnan(unproved.share_on_gpu(priced, tokens=1024))
