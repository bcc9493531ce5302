// data: counts
sc.pp.normalizeTotal(adata, targetSum = 1e4)
adata.X.sum(axis = 1).head(3)
