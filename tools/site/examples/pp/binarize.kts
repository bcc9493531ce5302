// data: counts
sc.pp.binarize(adata)
"share of ones: %.3f".format(adata.X.mean())
