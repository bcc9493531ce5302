// data: counts
sc.pp.scranSizeFactors(adata)
sc.pp.normalizeBySizeFactors(adata, log = true)
adata
