// data: counts
sc.experimental.pp.normalizePearsonResidualsPca(adata, nComps = 15)
adata
