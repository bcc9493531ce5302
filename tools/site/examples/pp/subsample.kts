// data: counts
sc.pp.subsample(adata, nObs = 100)
adata
