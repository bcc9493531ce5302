"""Size factors from pools, by brute force: dense counts, numpy's medians and least squares on the whole system.

python tools/reference/pooling.py OUT.h5            simulated cells, their counts and factors
python tools/reference/pooling.py OUT.h5 KANG.h5ad  factors of the control cells of Kang et al., by their clusters
Written from Lun, Bach and Marioni 2016 (doi:10.1186/s13059-016-0947-7).
"""
import sys

import h5py
import numpy as np

SIZES = np.arange(21, 102, 5)
MIN_MEAN = 0.1
LOW_WEIGHT = 1e-6


def within(counts):
    """Factors of the cells of a cluster relative to their average, and that average."""
    n = len(counts)
    library = counts.sum(1)
    shares = counts / library[:, None]
    profile = shares.mean(0) * library.mean()
    sizes = [s for s in SIZES if s <= n]
    if not sizes:
        return library / library.mean(), profile
    rank = np.argsort(library, kind="stable")
    ring = np.concatenate([rank[0::2], rank[1::2][::-1]])
    genes = (profile >= MIN_MEAN) & (profile > 0)
    ratios = shares[ring][:, genes] / shares.mean(0)[genes]
    rows, right = [], []
    for s in sizes:
        for first in range(n):
            cells = np.arange(first, first + s) % n
            row = np.zeros(n)
            row[cells] = 1
            rows.append(row)
            right.append(np.median(ratios[cells].sum(0)))
    weight = np.sqrt(LOW_WEIGHT)
    system = np.vstack([rows, weight * np.eye(n)])
    right = np.concatenate([right, np.full(n, weight)])
    q, r = np.linalg.qr(system)
    factors = np.empty(n)
    factors[ring] = np.linalg.solve(r, q.T @ right)
    return factors * library / library.mean(), profile


def size_factors(counts, clusters):
    levels = np.unique(clusters)
    parts = [within(counts[clusters == c]) for c in levels]
    reference = max(range(len(levels)), key=lambda c: ((parts[c][1] > 0).sum(), -c))
    ref = parts[reference][1]
    out = np.empty(len(counts))
    for c, (factors, profile) in zip(levels, parts):
        share = (profile / profile.sum() + ref / ref.sum()) / 2
        genes = share * (profile.sum() + ref.sum()) / 2 >= MIN_MEAN
        with np.errstate(divide="ignore"):
            scale = np.median(profile[genes] / ref[genes])
        out[clusters == c] = factors * scale
    assert (out > 0).all()
    return out / out.mean(), reference


def simulated():
    rng = np.random.default_rng(21)
    clusters = np.repeat([0, 1, 2, 3], [130, 150, 45, 12])
    rng.shuffle(clusters)
    mean = rng.gamma(0.6, 2.5, 200)
    types = np.tile(mean, (4, 1))
    for c in range(1, 4):
        changed = rng.choice(200, 60, replace=False)
        types[c, changed] *= np.where(rng.random(60) < 0.8, 6, 1 / 6)
    true = rng.lognormal(0, 0.5, len(clusters))
    rate = types[clusters] * true[:, None]
    return rng.poisson(rng.gamma(10, rate / 10)).astype(float), clusters, true


def main(out, kang=None):
    if kang:
        import anndata

        a = anndata.read_h5ad(kang)
        a = a[a.obs["batch"] == "ctrl"]
        counts = np.asarray(a.layers["counts"].todense(), dtype=float)
        clusters = a.obs["leiden"].cat.codes.to_numpy()
        true = None
    else:
        counts, clusters, true = simulated()
    factors, reference = size_factors(counts, clusters)
    with h5py.File(out, "w") as f:
        f["size_factors"] = factors
        f["reference"] = np.array([reference])
        if true is not None:
            f.create_dataset("counts", data=counts.astype(np.int16), compression="gzip")
            f["clusters"] = clusters
            f["true"] = true / true.mean()
            library = counts.sum(1) / counts.sum(1).mean()
            print("error of log factors, pooled and by library size:",
                  *(np.std(np.log(x / true)) for x in (factors, library)))
    print(len(counts), "cells, factors from", factors.min(), "to", factors.max())


if __name__ == "__main__":
    main(*sys.argv[1:])
