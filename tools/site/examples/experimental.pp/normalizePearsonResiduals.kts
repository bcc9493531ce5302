// data: counts
sc.experimental.pp.normalizePearsonResiduals(adata)
adata
