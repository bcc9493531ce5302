// data: counts
sc.pp.sample(adata, fraction = 0.25)
adata
