"""numpy's and scipy's side of tools/bench/arrays.kts: the same lines under the same names."""
import sys
import time

import numpy as np
import scipy.sparse as sp

rows = int(sys.argv[1]) if len(sys.argv) > 1 else 10000
columns = int(sys.argv[2]) if len(sys.argv) > 2 else 2000


def timed(name, body):
    for _ in range(2):
        body()
    best = float("inf")
    for _ in range(7):
        start = time.perf_counter()
        body()
        best = min(best, time.perf_counter() - start)
    print(f"{name}\t{best * 1e3:.2f}")


x = sp.csr_matrix(np.random.default_rng(0).poisson(0.3, size=(rows, columns)).astype(np.float32))
d = x.toarray()
w = d.astype(np.float64)
basis = np.ascontiguousarray(w[:50].T)
square = np.ascontiguousarray(w[:1000, :1000])
row = d.mean(axis=0)

timed("sparse log1p", lambda: x.log1p())
timed("sparse * 2", lambda: x * 2)
timed("sparse > 1", lambda: x > 1)
timed("sparse sum(0)", lambda: x.sum(axis=0))
timed("sparse sum(1)", lambda: x.sum(axis=1))
timed("sparse mean(0)", lambda: x.mean(axis=0))
timed("sparse max(0)", lambda: x.max(axis=0))
timed("sparse max(1)", lambda: x.max(axis=1))
timed("sparse @ dense", lambda: x @ basis)
for name, m in (("float32", d), ("float64", w)):
    timed(f"{name} log1p", lambda: np.log1p(m))
    timed(f"{name} exp", lambda: np.exp(m))
    timed(f"{name} sqrt", lambda: np.sqrt(m))
    timed(f"{name} * 2", lambda: m * 2)
    timed(f"{name} - row", lambda: m - row)
    timed(f"{name} > 1", lambda: m > 1)
    timed(f"{name} == 0", lambda: m == 0)
    timed(f"{name} sum()", lambda: m.sum(dtype=np.float64))
    timed(f"{name} sum(0)", lambda: m.sum(axis=0, dtype=np.float64))
    timed(f"{name} sum(1)", lambda: m.sum(axis=1, dtype=np.float64))
    timed(f"{name} mean(0)", lambda: m.mean(axis=0))
    timed(f"{name} var(0)", lambda: m.var(axis=0))
    timed(f"{name} max()", lambda: m.max())
    timed(f"{name} max(0)", lambda: m.max(axis=0))
    timed(f"{name} max(1)", lambda: m.max(axis=1))
    timed(f"{name} T", lambda: m.T.copy())
timed("float64 @ 50", lambda: w @ basis)
timed("float64 1000 @ 1000", lambda: square @ square)
