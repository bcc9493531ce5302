// data: logarithms
sc.pp.scanorama(adata, batchKey = "batch", dimred = 20)
sc.pl.embedding(adata, basis = "X_scanorama", color = "batch")
