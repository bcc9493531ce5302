// data: counts
sc.pp.normalizeTotal(adata, targetSum = 1e4)
adata.X.rowSums().take(3)
