// data: counts
sc.pp.normalizeTotal(adata, targetSum = 1e4)
sc.pp.log1p(adata)
adata
