"""What xgboost makes of simulated clones: python tools/reference/boosted_trees.py OUT.h5 (see README of the fixtures).

Every response has trees of its own, as in the project. The classifier is given each clone once per fate, with its share as
weight, which is what the project's gradient stands for. Needs xgboost-cpu 3.2.0, scipy, h5py.
"""
import sys

import h5py
import numpy as np
import scipy.sparse as sp
import xgboost as xgb

SHARED = dict(tree_method="hist", nthread=1, eta=0.1, max_depth=4, min_child_weight=0, subsample=1, seed=1)
SHARED["lambda"] = 1
SHARED["disable_default_eval_metric"] = 1
ROUNDS = 30


def matrix(x, labels):
    """Expression with zeros absent, labels behind it."""
    out = sp.hstack([x, sp.csr_matrix((labels + 1.0)[:, None])]).tocsr()
    out.data[out.indices == x.shape[1]] -= 1
    types = ["float"] * x.shape[1] + ["c"]
    return out, types


def boosted(x, y, train, start, params, rounds, weight=None, margin=None):
    data, types = x
    d = xgb.DMatrix(data[train], label=y, weight=weight, feature_types=types, enable_categorical=True, nthread=1)
    if margin is not None:
        d.set_base_margin(margin)
    return xgb.train({**SHARED, **params, "base_score": start}, d, num_boost_round=rounds)


def main(out):
    rng = np.random.default_rng(7)
    n, p, k = 150, 25, 3
    x = sp.csr_matrix(rng.poisson(0.8, (n, p)).astype(np.float32))
    labels = rng.integers(0, 4, n)
    dense = x.toarray()
    score = np.stack([dense[:, 0] - dense[:, 1], dense[:, 2] * 0.5, 1.5 * (labels == 2)], 1)
    share = np.exp(score) / np.exp(score).sum(1, keepdims=True)
    share = rng.dirichlet([1] * k, n) * 0.3 + share * 0.7
    validation = rng.random(n) < 0.3
    train = np.flatnonzero(~validation)
    table = matrix(x, labels)
    full = xgb.DMatrix(table[0], feature_types=table[1], enable_categorical=True, nthread=1)
    with h5py.File(out, "w") as f:
        f["data"], f["indices"], f["indptr"] = x.data, x.indices, x.indptr
        f["labels"], f["share"], f["validation"] = labels, share, validation.astype(np.int8)
        f["shape"] = np.array([n, p])
        boosters = [boosted(table, share[train, r], train, share[train, r].mean(), {"objective": "reg:squarederror"},
                            ROUNDS) for r in range(k)]
        rounds = range(1, ROUNDS + 1)
        margins = np.stack([np.stack([b.predict(full, output_margin=True, iteration_range=(0, t)) for b in boosters], -1)
                            for t in rounds])
        loss = np.sqrt(((margins - share)[:, validation] ** 2).sum(-1).mean(-1))
        best = int(loss.argmin())
        f["regressor/loss"], f["regressor/trees"] = loss, np.array([best + 1])
        f["regressor/margins"] = margins[best]
        shap = [b.predict(full, pred_contribs=True, iteration_range=(0, best + 1)) for b in boosters]
        f.create_dataset("regressor/contributions", data=np.stack(shap), compression="gzip")
        rows = np.concatenate([train] * k)
        fate = np.repeat(np.arange(k), len(train))
        weight = share[train].T.flatten()
        prior = np.log(share[train].sum(0) / share[train].sum())
        booster = boosted(table, fate, rows, 0.0, {"objective": "multi:softprob", "num_class": k}, ROUNDS, weight,
                          np.tile(prior, (len(rows), 1)))
        full.set_base_margin(np.tile(prior, (n, 1)))
        chances = np.stack([booster.predict(full, iteration_range=(0, t)) for t in rounds])
        held = share[validation]
        loss = -(held * np.log(chances[:, validation])).sum((1, 2)) / held.sum()
        best = int(loss.argmin())
        f["classifier/loss"], f["classifier/trees"] = loss, np.array([best + 1])
        f["classifier/chances"] = chances[best]


if __name__ == "__main__":
    main(sys.argv[1])
