// data: components
sc.pp.reducedMnn(adata, batchKey = "batch")
sc.pl.embedding(adata, basis = "X_pca_mnn", color = "batch")
