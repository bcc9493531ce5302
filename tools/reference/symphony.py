"""Symphony's formulas in numpy, and symphonypy's answers beside them, on simulated cells.

python tools/reference/symphony.py OUT.h5 (see README of the fixtures). Written from the paper, doi:10.1038/s41467-021-25957-x.
"""
import sys
import warnings

import anndata as ad
import h5py
import numpy as np
import scanpy as sc
import symphonypy as sp

GENES, TYPES, DIMS, SIGMA, LAMBDA = 60, 4, 10, 0.1, 1.0
MISSING = [3, 17, 40]


def counts(rng, centres, n, shift):
    kind = rng.integers(0, TYPES, n)
    rate = 3 * centres[kind] * np.exp(shift) * rng.gamma(5, 0.2, (n, 1))
    return rng.poisson(rate).astype(np.float32), kind


def cells(rng, centres, names, n, shifts):
    parts = [counts(rng, centres, n, s) for s in shifts]
    out = ad.AnnData(np.vstack([x for x, _ in parts]))
    out.obs["batch"] = np.repeat(names, n)
    out.obs["type"] = np.concatenate([k for _, k in parts]).astype(str)
    out.obs["lane"] = np.where(np.arange(out.n_obs) % 3 == 0, "x", "y")
    sc.pp.normalize_total(out, target_sum=1e3)
    sc.pp.log1p(out)
    return out


def unit(x):
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def one_hot(*columns):
    return np.hstack([(c[:, None] == np.unique(c)).astype(float) for c in map(np.asarray, columns)])


def assign(z, directions):
    close = 2 * unit(z) @ directions.T / SIGMA
    e = np.exp(close - close.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def correct(z, shares, design, sizes, sums):
    out = z.copy()
    x = np.hstack([np.ones((len(z), 1)), design])
    for k in range(shares.shape[1]):
        w = x * shares[:, [k]]
        left = w.T @ x + np.diag([0] + [LAMBDA] * design.shape[1])
        left[0, 0] += sizes[k]
        right = w.T @ z
        right[0] += sums[k]
        out -= w[:, 1:] @ np.linalg.solve(left, right)[1:]
    return out


def mahalanobis(a, b, covariance):
    v = np.atleast_2d(a - b)
    return np.sqrt(np.einsum("ij,jk,ik->i", v, np.linalg.inv(covariance), v))


def main(out):
    warnings.filterwarnings("ignore")
    rng = np.random.default_rng(8)
    centres = rng.gamma(1.0, 1.5, (TYPES, GENES))
    shifts = [rng.normal(0, 0.4, GENES) for _ in range(4)]
    ref = cells(rng, centres, ["a", "b"], 140, shifts[:2])
    query = cells(rng, centres, ["c", "d"], 50, shifts[2:])[:, np.delete(np.arange(GENES), MISSING)].copy()
    ref.var["highly_variable"] = True
    sc.pp.scale(ref)
    sc.pp.pca(ref, n_comps=DIMS, zero_center=False)
    sp.pp.harmony_integrate(ref, key="batch", ref_basis_loadings="PCs")
    sp.tl.map_embedding(query, ref, key="batch")
    sp.tl.per_cell_confidence(query, ref, ref_basis_adjusted="X_pca")
    sp.tl.per_cluster_confidence(query, ref, "type")
    shares = ref.uns["harmony"]["R"].T.astype(float)
    before, after = (ref.obsm[k].astype(float) for k in ("X_pca", "X_pca_harmony"))
    mean, std = (ref.var[k].to_numpy(float) for k in ("mean", "std"))
    loadings = ref.varm["PCs"].astype(float)
    sizes, sums = shares.sum(0), shares.T @ after
    directions = unit(sums)
    centroids = shares.T @ before / sizes[:, None]
    covariances = np.array([np.cov(before.T, aweights=w) for w in shares.T])

    x = query.X.astype(float)
    genes = ref.var_names.get_indexer(query.var_names)
    projected = ((x - mean[genes]) / std[genes]) @ loadings[genes]
    assert not (projected < 0).all(1).any(), "symphonypy turns cells around whose coordinates are all negative"
    placed = assign(projected, directions)
    distance = sum(placed[:, k] * mahalanobis(projected, centroids[k], covariances[k]) for k in range(len(sizes)))
    kinds = np.unique(query.obs["type"])
    of_kind = [projected[query.obs["type"] == kind] for kind in kinds]
    far = [min(mahalanobis(z.mean(0), c, np.cov(z.T))[0] for c in centroids) for z in of_kind]
    batch, lane = query.obs["batch"], query.obs["lane"]
    values = {
        "reference/mean": mean, "reference/std": std, "reference/loadings": loadings,
        "reference/before": before, "reference/after": after, "reference/shares": shares,
        "reference/directions": directions, "reference/sizes": sizes, "reference/sums": sums,
        "reference/centroids": centroids, "reference/covariances": covariances.reshape(len(sizes), -1),
        "query/x": x, "query/genes": genes,
        "query/batch": np.unique(batch, return_inverse=True)[1], "query/lane": np.unique(lane, return_inverse=True)[1],
        "query/type": np.unique(query.obs["type"], return_inverse=True)[1],
        "numpy/projected": projected, "numpy/distance": distance, "numpy/clusters": np.array(far),
        "numpy/corrected": correct(projected, placed, one_hot(batch), sizes, sums),
        "numpy/corrected_two": correct(projected, placed, one_hot(batch, lane), sizes, sums),
        "symphonypy/projected": query.obsm["X_pca_reference"], "symphonypy/corrected": query.obsm["X_pca_harmony"],
        "symphonypy/distance": query.obs["symphony_per_cell_dist"].to_numpy(float),
    }
    with h5py.File(out, "w") as f:
        for key, value in values.items():
            f.create_dataset(key, data=value, compression="gzip", track_times=False)
    print("symphonypy", np.abs(values["numpy/corrected"] - values["symphonypy/corrected"]).max())
    print("distance", np.abs(distance - values["symphonypy/distance"]).max())
    print("clusters", len(sizes), dict(zip(kinds, far)), query.uns["symphony_per_cluster_dist"]["dist"])


if __name__ == "__main__":
    main(sys.argv[1])
