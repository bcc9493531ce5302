// data: counts
sc.pp.normalizePearsonResidualsPca(adata, nComps = 15)
adata
