"""Regularised negative-binomial regression of simulated counts by its definition, dense and slow.


python tools/reference/sctransform.py OUT.h5 [COUNTS.mtx.gz genes by cells] (see README of the fixtures).

Every gene is fitted by statsmodels or by maximising the likelihood of scipy's nbinom; bandwidths use all pairs of genes.
All cells and genes take part, so that nothing is drawn.
"""
import sys

import h5py
import numpy as np
import statsmodels.api as sm
from scipy.io import mmread
from scipy.optimize import brentq, minimize_scalar
from scipy.special import digamma
from scipy.stats import nbinom

MIN_CELLS = 5
ROWS = 60


def simulated():
    rng = np.random.default_rng(7)
    n, p = 320, 360
    depth = rng.lognormal(0, 0.5, n)
    mean = 10 ** rng.uniform(-2, 1.6, p)
    theta = np.where(rng.random(p) < 0.2, np.inf, 10 ** rng.normal(0.6, 0.3, p))
    group = rng.random(n) < 0.4
    factor = np.where(rng.random(p) < 0.1, 4.0, 1.0)
    mu = depth[:, None] * mean[None] * np.where(group[:, None], factor[None], 1)
    shape = np.where(np.isinf(theta), 1, theta)
    noise = np.where(np.isinf(theta), 1, rng.gamma(shape, 1, (n, p)) / shape)
    return rng.poisson(mu * noise).astype(np.int64)


def best_theta(y, mu, most):
    def loss(s):
        t = np.exp(s)
        return -nbinom.logpmf(y, t, t / (t + mu)).sum()

    grid = np.linspace(np.log(1e-5), np.log(most), 60)
    k = int(np.argmin([loss(s) for s in grid]))
    low, high = grid[max(k - 1, 0)], grid[min(k + 1, len(grid) - 1)]
    found = minimize_scalar(loss, bounds=(low, high), method="bounded", options={"xatol": 1e-10})
    if score(y, mu, most) >= 0:
        return most
    return polished(lambda s: score(y, mu, np.exp(s)), found.x, np.log(most))


def score(y, mu, t):
    return (digamma(y + t) - digamma(t) + np.log(t / (t + mu)) + 1 - (y + t) / (mu + t)).sum()


def polished(slope, at, most):
    """The likelihood is flat near its maximum, so that the zero of its slope is the more exact place."""
    low, high = at - 0.05, min(at + 0.05, most)
    return np.exp(brentq(slope, low, high, xtol=1e-12) if slope(low) > 0 > slope(high) else at)


def poisson_gene(y, depth):
    fit = sm.GLM(y, sm.add_constant(depth), family=sm.families.Poisson()).fit(tol=1e-13, maxiter=200)
    return best_theta(y, fit.fittedvalues, y.mean() / 1e-4), fit.params[0], fit.params[1]


def offset_gene(y, totals):
    most = y.mean() / 1e-4

    def intercept(t):
        gap = lambda a: ((y - np.exp(a) * totals) / (1 + np.exp(a) * totals / t)).sum()
        start = np.log(y.sum() / totals.sum())
        return brentq(gap, start - 5, start + 5, xtol=1e-13)

    def loss(s):
        mu = np.exp(intercept(np.exp(s))) * totals
        return -nbinom.logpmf(y, np.exp(s), np.exp(s) / (np.exp(s) + mu)).sum()

    grid = np.linspace(np.log(1e-5), np.log(most), 40)
    k = int(np.argmin([loss(s) for s in grid]))
    found = minimize_scalar(loss, bounds=(grid[max(k - 1, 0)], grid[min(k + 1, 39)]), method="bounded", options={"xatol": 1e-9})
    profile = lambda s: score(y, np.exp(intercept(np.exp(s))) * totals, np.exp(s))
    t = most if profile(np.log(most)) >= 0 else polished(profile, found.x, np.log(most))
    return t, intercept(t), np.log(10)


def sheather_jones(x):
    n = len(x)
    d = x[:, None] - x[None]
    scale = min(x.std(ddof=1), np.subtract(*np.quantile(x, [0.75, 0.25])) / 1.349)

    def fourth(h):
        u = (d / h) ** 2
        return (np.exp(-u / 2) * (u**2 - 6 * u + 3)).sum() / (n * (n - 1) * h**5 * np.sqrt(2 * np.pi))

    def sixth(h):
        u = (d / h) ** 2
        return (np.exp(-u / 2) * (u**3 - 15 * u**2 + 45 * u - 15)).sum() / (n * (n - 1) * h**7 * np.sqrt(2 * np.pi))

    ratio = 1.357 * (fourth(1.24 * scale * n ** (-1 / 7)) / -sixth(1.23 * scale * n ** (-1 / 9))) ** (1 / 7)
    gap = lambda h: (1 / (2 * np.sqrt(np.pi) * n * fourth(ratio * h ** (5 / 7)))) ** 0.2 - h
    most = 1.144 * scale * n ** (-0.2)
    return brentq(gap, 0.01 * most, 4 * most, xtol=1e-12)


def outliers(x, columns):
    width = (x.max() - x.min()) * sheather_jones(x) / 2
    out = np.zeros(len(x), bool)
    eps = np.finfo(float).eps
    for y in columns:
        scores = []
        for shift in (0, width / 2):
            bins = np.ceil((x - (x.min() - 10 * eps - shift)) / width)
            score = np.zeros(len(x))
            for b in np.unique(bins):
                m = bins == b
                away = np.abs(y[m] - np.median(y[m]))
                score[m] = away / (1.4826 * np.median(away) + eps)
            scores.append(score)
        out |= np.minimum(*scores) > 10
    return out


def smooth(x, y, at, bandwidth):
    sd = 0.25 / 0.6744897501960817 * bandwidth
    d = (np.clip(at, x.min(), x.max())[:, None] - x[None]) / sd
    w = np.where(np.abs(d) <= 4, np.exp(-0.5 * d**2), 0)
    return w @ y / w.sum(1)


def transform(counts, v2):
    n, p = counts.shape
    totals = counts.sum(1).astype(float)
    depth = np.log10(totals)
    used = np.flatnonzero((counts > 0).sum(0) >= MIN_CELLS)
    y = counts[:, used].astype(float)
    mean, variance = y.mean(0), y.var(0, ddof=1)
    gmean = np.expm1(np.log1p(y).mean(0))
    poisson = v2 & ((variance <= mean) | (mean < 1e-3))
    first = np.flatnonzero(~poisson)
    fits = np.array([offset_gene(y[:, g], totals) if v2 else poisson_gene(y[:, g], depth) for g in first])
    x = np.log10(gmean[first])
    columns = [np.log10(1 + gmean[first] / fits[:, 0]), fits[:, 1]] + ([] if v2 else [fits[:, 2]])
    out = outliers(x, columns)
    bandwidth = 3 * sheather_jones(x[~out])
    curve = [smooth(x[~out], c[~out], np.log10(gmean), bandwidth) for c in columns]
    theta = gmean / (10 ** curve[0] - 1)
    intercept = curve[1]
    slope = np.full(len(used), np.log(10)) if v2 else curve[2]
    theta[poisson] = np.inf
    intercept[poisson] = np.log(mean[poisson] / totals.mean())
    floor = (np.median(counts[counts > 0]) / 5) ** 2 if v2 else 0
    mu = np.exp(intercept[None] + depth[:, None] * slope[None])
    var = mu + mu**2 / theta
    residuals = (y - mu) / np.sqrt(np.maximum(var, floor))
    moments = np.clip(residuals, -np.sqrt(n), np.sqrt(n)).var(0, ddof=1)
    clip = np.sqrt(n / 30)
    centred = np.clip(residuals, -clip, clip)
    centred -= centred.mean(0)
    target = np.exp(intercept + np.median(depth) * slope)
    corrected = np.maximum(0, np.rint(target + (y - mu) / np.sqrt(var) * np.sqrt(target + target**2 / theta)))
    return {
        "genes": used, "first": used[first], "step1": fits, "outlier": out.astype(np.int8), "bandwidth": np.array([bandwidth]),
        "gmean": gmean, "theta": np.where(np.isinf(theta), 1e300, theta), "intercept": intercept, "slope": slope, "variance": moments,
        "residuals": centred[:ROWS].astype(np.float32), "corrected": corrected[:ROWS].astype(np.int32),
    }


def main(out, source=None):
    counts = simulated() if source is None else mmread(source).toarray().T.astype(np.int64)
    counts = counts[counts.sum(1) > 0]
    with h5py.File(out, "w") as f:
        if source is None:
            f.create_dataset("counts", data=counts.astype(np.int32), compression="gzip")
        for flavor in ("v1", "v2"):
            for key, value in transform(counts, flavor == "v2").items():
                f.create_dataset(f"{flavor}/{key}", data=value, **({"compression": "gzip", "compression_opts": 9} if value.size > 100 else {}))


if __name__ == "__main__":
    main(*sys.argv[1:])
