"""Reference values of test_clustered.py, one folder up: wildboottest 0.3.2 with numba, which the tests do not install.

`python wild.py`, in this folder, with wildboottest installed. Signs are enumerated, so that nothing is random.
"""

import numpy as np
import pandas as pd
from wildboottest.wildboottest import WildboottestCL

data = pd.read_csv("clustered.csv").assign(const=1.0)
columns = ["const", "x", "z", "only", "treated"]
for name in ("treated", "x", "z"):
    test = np.array([float(column == name) for column in columns])
    X, y, clusters = data[columns].to_numpy(), data["y"].to_numpy(), data["cluster"].factorize()[0]
    wild = WildboottestCL(X=X, Y=y, cluster=clusters, R=test, B=9_999, seed=1)
    wild.get_scores(bootstrap_type="11", impose_null=True)
    wild.get_weights(weights_type="rademacher")
    wild.get_numer()
    wild.get_denom()
    wild.get_tboot()
    wild.get_vcov()
    wild.get_tstat()
    wild.get_pvalue(pval_type="two-tailed")
    print(name, wild.v.shape, repr(wild.t_stat), repr(wild.pvalue))
