// data: counts
sc.pp.sqrt(adata)
"largest value: ${adata.X.max()}"
