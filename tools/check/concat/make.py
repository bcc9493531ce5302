"""Random small objects and ways to join them, for tools/check/concat/run.   python make.py COUNT"""
import json
import sys
import warnings

import anndata as ad
import numpy as np
import pandas as pd
import scipy.sparse as sp

warnings.filterwarnings("ignore")
RULES = [None, "same", "unique", "first", "only"]


def columns(rng, n):
    obs = pd.DataFrame(index=[f"c{k}" for k in range(n)])
    obs["cat"] = pd.Categorical(rng.choice(list("xyz")[: rng.integers(1, 4)], n))
    obs["num"] = rng.normal(size=n)
    optional = {
        "int": lambda: rng.integers(0, 9, n),
        "flag": lambda: rng.random(n) > 0.5,
        "ord": lambda: pd.Categorical(rng.choice(["lo", "hi"], n), categories=["lo", "hi"], ordered=True),
        "catb": lambda: pd.Categorical(rng.choice(["b10", "b2", "b1"], n)),
        "nint": lambda: pd.array([None if z < 0.2 else int(9 * z) for z in rng.random(n)], dtype="Int32"),
        "nbool": lambda: pd.array([None if z < 0.2 else bool(z > 0.5) for z in rng.random(n)], dtype="boolean"),
        "txt": lambda: [f"t{z}" for z in rng.permutation(n)],
        "f32": lambda: rng.normal(size=n).astype("f4"),
    }
    for name, make in optional.items():
        if rng.random() < 0.5:
            obs[name] = make()
    return obs


def make(rng, i, kind):
    n, p = rng.integers(3, 7), rng.integers(3, 6)
    genes = list(rng.choice([f"g{k}" for k in range(8)], p, replace=False))
    x = rng.integers(0, 5, (n, p)).astype(np.float32)
    x = sp.csr_matrix(x) if kind % 2 == 0 else x
    var = pd.DataFrame({"same": [float(g[1:]) for g in genes], "diff": rng.normal(size=p)}, index=genes)
    if rng.random() < 0.6:
        var[f"only{i}"] = rng.normal(size=p)
    a = ad.AnnData(x, obs=columns(rng, n), var=var)
    if rng.random() < 0.7:
        a.layers["counts"] = x.copy()
    a.obsm["emb"] = rng.normal(size=(n, 2))
    if rng.random() < 0.5:
        a.obsm["extra"] = rng.normal(size=(n, 3))
    if rng.random() < 0.5:
        a.varm["load"] = rng.normal(size=(p, 2))
    a.obsp["g"] = sp.random(n, n, 0.4, "csr", random_state=int(rng.integers(1e6)))
    a.uns = {"k": "v", "num": 3, "d": {"a": 1, f"b{i}": i}, f"u{i}": "x", "diff": int(i)}
    if kind % 3 == 0:
        a.raw = a.copy()
    return a


ways = []
for t in range(int(sys.argv[1])):
    rng = np.random.default_rng(t)
    parts, kind, mixed = int(rng.integers(2, 4)), int(rng.integers(0, 6)), rng.random() < 0.3
    for i in range(parts):
        make(rng, i, kind + (i if mixed else 0)).write_h5ad(f"in_{t}_{i}.h5ad")
    ways.append({
        "m": parts, "join": str(rng.choice(["inner", "outer"])), "merge": RULES[rng.integers(5)],
        "uns": RULES[rng.integers(5)], "label": bool(rng.random() < 0.5), "iu": bool(rng.random() < 0.7),
        "fill": [None, None, 0.0, 7.0][rng.integers(4)], "pair": bool(rng.random() < 0.4),
    })
json.dump(ways, open("ways.json", "w"))
open("ways.txt", "w").write("\n".join("|".join(str(v) for v in w.values()) for w in ways))
