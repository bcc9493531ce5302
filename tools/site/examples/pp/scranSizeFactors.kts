// data: counts
sc.pp.scranSizeFactors(adata)
adata.obs["size_factors"].describe()
