"""Runs the Python cells of docs/coming-from-scanpy.md on what page.kts has, and compares values where both give some.

    python page_peer.py        in the folder where page.py has run
"""

import math
import os
import sys
import warnings
from pathlib import Path

os.environ["MPLBACKEND"] = "Agg"
warnings.simplefilter("ignore")

import anndata as ad
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import scanpy as sc
import scanpy.external as sce  # noqa: F401
import seaborn as sns
from matplotlib.colors import LogNorm
from page import PAGE, cells, lines_of
from scipy import sparse, stats
from scipy.sparse import csr_matrix
from scipy.stats import median_abs_deviation as mad

# Drawn by chance, or by another form on purpose.
OTHERWISE = ("random.", ".sample(", "dtypes", "help(", "sce.", "describe()", "louvain", "corrcoef", "hstack", "csr_matrix",
             "array_equal", "sparse.random", "inplace=True", "function", "listdir", "...")


def stage():
    adata = ad.read_h5ad("x.h5ad")
    df = pd.read_csv("t.csv", index_col=0)
    a = np.arange(50) / 5
    return {
        **globals(), "adata": adata, "obs": adata.obs, "var": adata.var, "x": adata.X, "a": a, "mask": a > 5, "i": 1,
        "sample": "s1", "genes": ["CST3", "NKG7"], "names": [f"type {k}" for k in range(3)], "rows": adata.obs_names,
        "a1": adata.copy(), "a2": adata.copy(), "df": df, "values": df["group"],
        "other": pd.DataFrame({"group": ["x", "y"], "weight": [1, 2]}), "col": df["group"].astype("category"),
        "ax": sc.pl.umap(adata, color="leiden", show=False), "axs": plt.subplots(1, 2)[1],
    }


def flat(value):
    """As in page.kts."""
    if value is None or isinstance(value, float) and math.isnan(value):
        return ["nan"]
    if isinstance(value, (bool, np.bool_)):
        return ["1" if value else "0"]
    if isinstance(value, (int, float, np.number)):
        return [f"{float(value):.5e}"]
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return flat(list(value.values()))
    if isinstance(value, pd.DataFrame):
        return flat(value.to_numpy().tolist())
    if isinstance(value, (pd.Series, pd.Index)):
        return flat(value.tolist())
    if sparse.issparse(value):
        return flat(value.toarray().tolist())
    if isinstance(value, (np.ndarray, pd.Categorical)):
        return flat(value.tolist())
    if isinstance(value, (list, tuple, range)):
        parts = [flat(item) for item in value]
        return None if None in parts else [text for part in parts for text in part]
    return None


def value_of(code):
    """What the line gives: of an expression its value, of a statement nothing."""
    names = stage()
    try:
        try:
            expression = compile(code, "cell", "eval")
        except SyntaxError:
            exec(compile(code, "cell", "exec"), names)
            return None
        return flat(eval(expression, names))
    finally:
        plt.close("all")


def same(ours, theirs):
    def close(one, other):
        try:
            return math.isclose(float(one), float(other), rel_tol=2e-4, abs_tol=1e-6) or one == other == "nan"
        except ValueError:
            return one == other

    return len(ours) == len(theirs) and all(map(close, ours, theirs))


def main():
    ours = {}
    for line in Path("kotlin.tsv").read_text().splitlines():
        number, span, values = line.split("\t")
        ours[int(number), int(span)] = values.split()
    compared, wrong = 0, []
    for number, span, theirs in lines_of(PAGE.read_text(), "Python"):
        if theirs.startswith(".") or (number, span) not in ours or any(word in theirs for word in OTHERWISE):
            continue
        try:
            found = value_of(theirs)
        except Exception as e:
            wrong.append(f"{PAGE.name}:{number}: {theirs} fails: {e}")
            continue
        if found is None:
            continue
        compared += 1
        # Texts with spaces fall apart on both sides alike.
        found = " ".join(found).split()
        if not same(ours[number, span], found):
            wrong.append(f"{PAGE.name}:{number}: {theirs}\n  there {' '.join(found)[:200]}\n  here  {' '.join(ours[number, span])[:200]}")
    print(f"{compared} values of the page are the same as in Python" if not wrong else "\n".join(wrong))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
