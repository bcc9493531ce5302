// data: counts
sc.pp.normalizePearsonResiduals(adata)
adata
