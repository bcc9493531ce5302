"""Differential expression of pseudobulk samples by PyDESeq2, the reference of `PseudobulkDeTest`.

usage: python pseudobulk.py KANG OUT [PARTS], with pydeseq2 0.5.4; KANG holds the 10x folders `ctrl` and `stim`
"""

import gzip
import sys
import warnings
from pathlib import Path

import anndata as ad
import numpy as np
import pandas as pd
import scipy.io
from pydeseq2.dds import DeseqDataSet
from pydeseq2.ds import DeseqStats
from scipy.optimize import minimize
from scipy.stats import chi2, nbinom

warnings.filterwarnings("ignore")
PARTS = 4


def kang(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Cells have no donors there, so that a sample is every fourth cell of a condition."""
    rows, names, genes = [], [], None
    for condition in ("ctrl", "stim"):
        x = scipy.io.mmread(gzip.open(folder / condition / "matrix.mtx.gz")).tocsr().T.tocsr()
        features = pd.read_csv(folder / condition / "features.tsv.gz", sep="\t", header=None)[0]
        genes = features if genes is None else genes
        assert genes.equals(features)
        for part in range(PARTS):
            rows.append(np.asarray(x[part::PARTS].sum(axis=0)).ravel())
            names.append((f"{condition}_{part}", condition, f"d{part}"))
    meta = pd.DataFrame(names, columns=["sample", "condition", "donor"]).set_index("sample")
    counts = pd.DataFrame(np.array(rows, dtype=int), index=meta.index, columns=genes)
    return counts.iloc[:, ::7], meta


def simulated() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Two sexes, three conditions, ages; genes without counts, genes of one condition, single wild counts."""
    rng = np.random.default_rng(7)
    n, genes = 36, 500
    meta = pd.DataFrame(
        {
            "condition": np.repeat(["a", "b", "c"], n // 3),
            "sex": np.tile(["f", "m"], n // 2),
            "age": np.round(rng.normal(0, 1, n), 3),
        },
        index=[f"s{i}" for i in range(n)],
    )
    mean = np.exp(rng.normal(4, 1.8, genes))
    dispersion = (0.05 + 1.5 / mean) * np.exp(rng.normal(0, 0.5, genes))
    effects = {name: rng.normal(0, 0.8, genes) * (rng.random(genes) < 0.3) for name in ("b", "c", "m", "age", "bm")}
    is_b, is_c, is_m = (meta.condition == "b"), (meta.condition == "c"), (meta.sex == "m")
    log_mu = np.log(mean)[None, :] + rng.normal(0, 0.3, n)[:, None]
    for key, column in (("b", is_b), ("c", is_c), ("m", is_m), ("age", meta.age), ("bm", is_b & is_m)):
        log_mu = log_mu + np.asarray(column, dtype=float)[:, None] * effects[key][None, :]
    mu = np.exp(log_mu)
    counts = rng.negative_binomial(1 / dispersion, 1 / (1 + mu * dispersion))
    counts[:, :5] = 0
    counts[np.ix_(np.where(~is_b)[0], range(5, 12))] = 0
    for gene in range(20, 40):
        counts[rng.integers(n), gene] = 50 * (1 + counts[:, gene].max())
    names = [f"g{j}" for j in range(genes)]
    table = pd.DataFrame(counts, index=meta.index, columns=names)
    return table.loc[:, table.max() != 1], meta  # PyDESeq2's poscounts passes over genes that have ones alone


def fitted(counts, meta, design, **options):
    dds = DeseqDataSet(counts=counts, metadata=meta, design=design, quiet=True, n_cpus=1, **options)
    dds.deseq2()
    return dds


def table(dds, contrast, shrink=None, **options) -> pd.DataFrame:
    stats = DeseqStats(dds, contrast=contrast, quiet=True, n_cpus=1, **options)
    stats.summary()
    if shrink:
        stats.lfc_shrink(coeff=shrink)
    out = stats.results_df.drop(columns=["baseMean", "stat"])
    for column in ("genewise_dispersions", "fitted_dispersions", "dispersions"):
        out[column] = np.asarray(dds.var[column])
    cooks = dds.layers["cooks"]
    out["max_cooks"] = np.nan_to_num(np.asarray(cooks), nan=-1).max(axis=0)
    return out


def likelihood(y, x, size_factors, dispersion) -> float:
    """The largest log-likelihood of a gene, by scipy alone."""
    r = 1 / dispersion

    def at(beta):
        mu = size_factors * np.exp(x @ beta)
        return -nbinom.logpmf(y, r, r / (r + mu)).sum(), x.T @ ((mu - y) / (1 + dispersion * mu))

    start = np.linalg.lstsq(x, np.log(y / size_factors + 0.1), rcond=None)[0]
    return -minimize(at, start, jac=True, method="BFGS", options={"gtol": 1e-8}).fun


def ratios(dds, reduced) -> pd.DataFrame:
    """Twice the difference of log-likelihoods, at the dispersions of PyDESeq2, which has no such test."""
    full = np.asarray(dds.obsm["design_matrix"], dtype=float)
    small = full[:, reduced]
    size_factors, dispersions = np.asarray(dds.obs["size_factors"]), np.asarray(dds.var["dispersions"])
    y = np.asarray(dds.X, dtype=float)
    stat = [
        np.nan if y[:, g].sum() == 0 else 2 * (
            likelihood(y[:, g], full, size_factors, dispersions[g]) - likelihood(y[:, g], small, size_factors, dispersions[g]))
        for g in range(y.shape[1])
    ]
    stat = np.array(stat)
    return pd.DataFrame({"stat": stat, "pvalue": chi2.sf(stat, full.shape[1] - len(reduced))}, index=dds.var_names)


def main() -> None:
    folder, out = Path(sys.argv[1]), Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    wanted = set(sys.argv[3:])
    sets = {"kang": kang(folder), "simulated": simulated()}
    for name, (counts, meta) in sets.items():
        counts.T.to_csv(out / f"{name}_counts.csv.gz")
        meta.to_csv(out / f"{name}_obs.csv.gz")
    both = np.array([0.0, 0, 0, 0, 1, 0])
    cases = [
        ("kang_condition", "kang", "~condition", ["condition", "stim", "ctrl"], {}, {}),
        ("kang_paired", "kang", "~donor + condition", ["condition", "stim", "ctrl"], {}, {}),
        ("simulated_condition", "simulated", "~condition", ["condition", "b", "a"], {}, {}),
        ("simulated_back", "simulated", "~condition", ["condition", "a", "b"], {}, {}),
        ("simulated_others", "simulated", "~condition", ["condition", "c", "b"], {}, {}),
        ("simulated_norefit", "simulated", "~condition", ["condition", "b", "a"], {"refit_cooks": False}, {}),
        ("simulated_plain", "simulated", "~condition", ["condition", "b", "a"], {"refit_cooks": False},
         {"cooks_filter": False, "independent_filter": False}),
        ("simulated_two", "simulated", "~sex + condition", ["condition", "b", "a"], {}, {}),
        ("simulated_age", "simulated", "~age + condition", np.array([0.0, 1, 0, 0]), {}, {}),
        ("simulated_interaction", "simulated", "~sex * condition", both, {}, {}),
        ("simulated_mean", "simulated", "~condition", ["condition", "b", "a"], {"fit_type": "mean"}, {}),
        ("simulated_poscounts", "simulated", "~condition", ["condition", "b", "a"],
         {"size_factors_fit_type": "poscounts"}, {}),
        ("simulated_shrunk", "simulated", "~condition", ["condition", "b", "a"], {"refit_cooks": False}, {"shrink": "condition[T.b]"}),
    ]
    for name, data, design, contrast, fit, test in cases:
        if wanted and name not in wanted:
            continue
        counts, meta = sets[data]
        dds = fitted(counts, meta, design, **fit)
        print(name, list(dds.obsm["design_matrix"].columns), dds.uns.get("trend_coeffs"), dds.uns.get("prior_disp_var"))
        table(dds, contrast, **test).to_csv(out / f"{name}.csv.gz", float_format="%.6g")
        pd.Series(np.asarray(dds.obs["size_factors"]), index=meta.index).to_csv(
            out / f"{name}_size_factors.csv.gz", float_format="%.12g", header=["size_factor"])
    if not wanted or "simulated_lrt" in wanted:
        dds = fitted(*sets["simulated"], "~sex + condition", refit_cooks=False)
        ratios(dds, [0, 1]).to_csv(out / "simulated_lrt.csv.gz", float_format="%.6g")


main()
