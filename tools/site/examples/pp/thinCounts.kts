// data: counts
val before = adata.X.rowSums().sum()
sc.pp.thinCounts(adata, DoubleArray(adata.nObs) { 0.25 })
"%.3f of the molecules are left".format(adata.X.rowSums().sum() / before)
