// data: counts
sc.pp.downsampleCounts(adata, countsPerCell = 1000)
adata.X.rowSums().max()
