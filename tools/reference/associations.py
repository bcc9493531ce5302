"""What scipy, statsmodels and clone2vec make of simulated clones: associations, graphs, noise.

Run from the root of the repository: python tools/reference/associations.py FILE.h5
with clone2vec 0.1.1, scipy 1.17.1, statsmodels 0.15.0, patsy 1.0.3, numpy 2.4.6, h5py.
"""

import sys

import anndata as ad
import clone2vec as c2v
import h5py
import numpy as np
import patsy
import scipy.sparse as sp
import scipy.stats as stats
import statsmodels.api as sm
from clone2vec.associations import _adjust_pvalues, _fast_corr, _gam
from clone2vec.eigenvalues import _calculate_statistics
from scipy.special import airy

STATS = ("r2", "amplitude", "slope", "pvalue")


def clones(rng, n=150):
    """Features of all kinds, fates that some of them drive, and cells of every clone."""
    drive = rng.normal(size=n)
    x = np.column_stack(
        [
            drive,
            np.exp(drive / 2) + 100,
            rng.poisson(np.exp(drive)),
            rng.poisson(0.2, size=n),
            rng.poisson(3 * (drive > 0.3)),
            rng.normal(size=n) > 0.9,
            rng.normal(size=n) ** 3,
            np.full(n, 0.1),
            np.round(rng.normal(size=n), 1),
            -np.abs(drive) + rng.normal(size=n) * 0.1,
        ]
    ).astype(float)
    shares = np.exp(np.column_stack([drive, -drive, np.zeros(n), drive**2 - 2]))
    shares /= shares.sum(axis=1, keepdims=True)
    totals = rng.poisson(8, size=n)
    totals[:3] = 0
    counts = np.array([rng.multinomial(t, p) for t, p in zip(totals, shares)]).astype(float)
    y = np.column_stack([drive + rng.normal(size=n), np.sin(2 * drive), rng.normal(size=n)])
    return x, y, counts


def correlations(out, x, y, counts):
    totals = counts.sum(axis=1)
    shares = counts / np.where(totals > 0, totals, 1)[:, None]
    for method in ("pearson", "spearman"):
        found = _fast_corr(x, y, method=method, progress_bar=False)
        weighted = _fast_corr(x, shares, method=method, progress_bar=False, weights=totals)
        peer = stats.pearsonr if method == "pearson" else stats.spearmanr
        for j in range(x.shape[1]):
            for r in range(y.shape[1]):
                if np.ptp(x[:, j]) > 0:
                    asked = peer(x[:, j], y[:, r])
                    assert abs(found["r"][j, r] - asked.statistic) < 1e-10
                    assert abs(found["pvalue"][j, r] - asked.pvalue) < 1e-10
        for key in ("r", "pvalue", "slope"):
            out[f"{method}/{key}"] = found[key]
            out[f"{method}_weighted/{key}"] = weighted[key]
    out["p_adj"] = _adjust_pvalues(found["pvalue"])
    for name, df in {"gam": 5, "gam_7": 7}.items():
        curves(out, name, x, y, df)
    curves(out, "gam_binomial", x, shares, 5, totals.astype(float))


def curves(out, name, x, y, df, totals=None):
    """The package's curves, on columns of the design that do not follow from those before.

    On dependent columns the steps of statsmodels 0.15 end beside the least squares.
    """
    stat = {key: np.full((x.shape[1], y.shape[1]), np.nan) for key in STATS}
    family = sm.families.Gaussian() if totals is None else sm.families.Binomial()
    for j in range(x.shape[1]):
        if np.allclose(x[:, j], x[0, j]):
            continue
        design = np.asarray(patsy.dmatrix(f"bs(x, df={df})", {"x": x[:, j]}))
        kept = []
        for c in range(design.shape[1]):
            if np.linalg.matrix_rank(design[:, kept + [c]]) > len(kept):
                kept.append(c)
        for r in range(y.shape[1]):
            fit = sm.GLM(y[:, r], design[:, kept], family=family, freq_weights=totals).fit()
            flat = sm.GLM(y[:, r], design[:, :1], family=family, freq_weights=totals).fit()
            mu = fit.fittedvalues
            stat["r2"][j, r] = fit.pseudo_rsquared()
            stat["amplitude"][j, r] = np.ptp(mu)
            stat["slope"][j, r] = mu[x[:, j].argmax()] - mu[x[:, j].argmin()]
            stat["pvalue"][j, r] = stats.chi2.sf(2 * (fit.llf - flat.llf), len(kept) - 1)
    args = {} if totals is None else {"binomial": True, "totals": totals}
    theirs = _gam(x, y, n_jobs=1, progress_bar=False, spline_df=df, **args)
    for key, values in stat.items():
        out[f"{name}/{key}"] = values
        if key != "r2":
            np.testing.assert_allclose(values, theirs[key], rtol=1e-4, atol=1e-6)


def morans_variance(w, x):
    """Under randomisation, as in Cliff and Ord 1981, one term after another."""
    n = len(x)
    total = w.sum()
    s1 = 0.5 * ((w + w.T) ** 2).sum()
    s2 = ((w.sum(axis=1) + w.sum(axis=0)) ** 2).sum()
    z = x - x.mean()
    b2 = (z**4).mean() / (z**2).mean() ** 2
    a = n * ((n**2 - 3 * n + 3) * s1 - n * s2 + 3 * total**2)
    b = b2 * ((n**2 - n) * s1 - 2 * n * s2 + 6 * total**2)
    moment = (a - b) / ((n - 1) * (n - 2) * (n - 3) * total**2)
    return moment - 1 / (n - 1) ** 2


def graphs(out, rng, n=60, p=40):
    place = rng.normal(size=(n, 2))
    near = np.exp(-((place[:, None] - place[None]) ** 2).sum(-1))
    np.fill_diagonal(near, 0)
    w = np.where(near > np.quantile(near, 0.85), near, 0)
    x = place @ rng.normal(size=(2, p)) + rng.normal(size=(n, p)) * 3
    x = (x - x.mean(axis=0)) / x.std(axis=0)
    one_way = np.triu(rng.random((n, n)) < 0.1, 0) * rng.random((n, n))
    groups = np.array([*"abc"])[rng.integers(0, 3, size=n)]
    a = ad.AnnData(x)
    a.obs["group"] = groups
    a.obs["group"] = a.obs["group"].astype("category")
    a.obsp["connectivities"] = sp.csr_matrix(w)
    a.obsp["one_way"] = sp.csr_matrix(one_way)
    a.uns["neighbors"] = {"connectivities_key": "connectivities", "params": {"use_rep": "X_pca"}}
    c2v.tl.graph_associations(a, n_pcs=6)
    for name, matrix in {"w": w, "x": x, "one_way": one_way}.items():
        out[f"graph/{name}"] = matrix
    out["graph/groups"] = a.obs["group"].cat.codes.to_numpy()
    out["graph/evals"] = a.uns["gpca"]["evals"]
    out["graph/varexpl"] = a.uns["gpca"]["varexpl"]
    out["graph/loadings"] = a.varm["gPCs"]
    out["graph/morans_i"] = np.asarray(a.var["morans_i"])
    z = (a.var["morans_i"] + 1 / (n - 1)) / np.sqrt([morans_variance(w, c) for c in x.T])
    out["graph/morans_pvalue"] = stats.norm.sf(np.asarray(z))
    for name, directed in {"directed": True, "undirected": False}.items():
        c2v.tl.group_connectivity(a, "group", graph_key="one_way", directed=directed)
        out[f"graph/{name}"] = a.uns["group_connectivity"]["connectivity"]
    c2v.tl.smooth(a, graph_key="one_way")
    out["graph/smoothed"] = np.asarray(a.layers["X_smoothed"])
    a.obsp["connected"] = sp.csr_matrix((groups[:, None] == groups[None]).astype(float))
    c2v.tl.clonocluster(a)
    out["graph/lineage"] = a.obsp["connected"].toarray()
    out["graph/clonocluster"] = a.obsp["clonocluster_connectivities"].toarray()


def noise(out, rng):
    x = rng.normal(size=(40, 5))
    x[:, 1] += 0.5 * x[:, 0]
    out["noise/x"] = x
    out["noise/stat"] = np.array([_calculate_statistics(x)])
    for shape in ((40, 5), (6, 9)):
        drawn = [_calculate_statistics(rng.normal(size=shape)) for _ in range(20000)]
        out[f"noise/quantiles_{shape[0]}"] = np.quantile(drawn, np.linspace(0.05, 0.95, 19))
    # F1(s) as a determinant: Ferrari and Spohn 2005, Bornemann 2010
    nodes, weights = np.polynomial.legendre.leggauss(160)
    nodes, weights = (nodes + 1) * 24, weights * 24
    s = np.arange(-6, 6.1, 0.5)
    root = np.sqrt(weights)
    out["noise/s"] = s
    out["noise/tracy_widom"] = np.array(
        [
            np.linalg.det(
                np.eye(160)
                - root[:, None] * root * airy((nodes[:, None] + nodes) / 2 + at)[0] / 2
            )
            for at in s
        ]
    )


def main(path):
    rng = np.random.default_rng(7)
    out = {}
    x, y, counts = clones(rng)
    out["x"], out["y"], out["counts"] = x, y, counts
    correlations(out, x, y, counts)
    graphs(out, rng)
    noise(out, rng)
    with h5py.File(path, "w") as file:
        for name, values in out.items():
            file.create_dataset(name, data=np.asarray(values), compression="gzip")


main(sys.argv[1])
