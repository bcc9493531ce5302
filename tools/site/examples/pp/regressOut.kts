// data: logarithms
adata.obs["n_counts"] = adata.layers["counts"]!!.rowSums()
sc.pp.regressOut(adata, "n_counts")
"mean of the first gene afterwards: %.4f".format(adata.X.toDense().takeCols(intArrayOf(0)).mean())
