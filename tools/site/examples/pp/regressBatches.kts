// data: logarithms
sc.pp.regressBatches(adata, batchKey = "batch")
sc.pp.pca(adata, nComps = 15)
sc.pl.pca(adata, color = "batch")
