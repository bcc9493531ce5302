// data: logarithms
sc.pp.removeBatchEffect(adata, batch = "batch")
sc.pp.pca(adata, nComps = 15)
sc.pl.pca(adata, color = "batch")
