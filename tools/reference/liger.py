"""Integrative factors of the Kang cells by pyliger 0.2.4.

python tools/reference/liger.py KANG OUT     KANG: folder with ctrl/ and stim/ of 10x files
Needs Python 3.11 with pyliger 0.2.4, numpy < 2 and setuptools < 81. Prints objectives, writes OUT/kang_w.csv.gz: the genes
that select_genes chooses, with their shared weights after 30 iterations from a start without random numbers.
"""
import gzip
import sys
from pathlib import Path

import anndata as ad
import numpy as np
import pandas as pd
import pyliger
import scipy.io
import scipy.sparse as sp

K, LAMBDA = 20, 5.0


def cells(folder, name):
    x = sp.csr_matrix(scipy.io.mmread(folder / "matrix.mtx.gz").T.astype(np.float64))
    genes = pd.read_csv(folder / "features.tsv.gz", sep="\t", header=None)[1].astype(str)
    barcodes = pd.read_csv(folder / "barcodes.tsv.gz", sep="\t", header=None)[0].astype(str)
    a = ad.AnnData(
        x,
        obs=pd.DataFrame(index=pd.Index(name + "_" + barcodes.values, name="cell")),
        var=pd.DataFrame(index=pd.Index(genes.values, name="gene")),
    )
    a.var_names_make_unique()
    a.uns["sample_name"] = name
    return a


def objective(liger, values):
    total = 0
    for x, a in zip(values, liger.adata_list):
        h, w, v = a.obsm["H"], a.varm["W"], a.varm["V"]
        total += ((x - h @ (w + v).T) ** 2).sum() + LAMBDA * ((h @ v.T) ** 2).sum()
    return total


def main(kang, out):
    liger = pyliger.create_liger([cells(kang / n, n) for n in ("ctrl", "stim")])
    pyliger.normalize(liger)
    pyliger.select_genes(liger)
    pyliger.scale_not_center(liger)
    values = [a.layers["scale_data"].toarray() for a in liger.adata_list]
    genes = values[0].shape[1]
    w = (7 * np.arange(genes)[:, None] + 13 * np.arange(K)[None]) % 20 / 10.0
    v = [x[:K] for x in values]
    h = [np.full((len(x), K), 0.5) for x in values]
    for n in (1, 2, 3, 30):
        # the start is changed in place
        start = {"W_init": w.T.copy(), "V_init": [m.copy() for m in v], "H_init": [m.copy() for m in h]}
        pyliger.optimize_ALS(liger, k=K, max_iters=n, thresh=0, **start)
        print(f"{n} iterations from the given start: {objective(liger, values):.6f}", flush=True)
    weights = liger.adata_list[0].varm["W"]
    with gzip.open(out / "kang_w.csv.gz", "wt") as file:
        for gene, row in zip(liger.adata_list[0].var_names, weights):
            file.write(gene + "," + ",".join(f"{x:.3g}" if x else "0" for x in row) + "\n")
    pyliger.optimize_ALS(liger, k=K)
    print(f"30 iterations from a random start: {objective(liger, values):.6f}", flush=True)
    pyliger.online_iNMF(liger, k=K, miniBatch_size=500, verbose=False)
    print(f"5 epochs of 500 cells: {objective(liger, values):.6f}", flush=True)


main(Path(sys.argv[1]), Path(sys.argv[2]))
