// data: clustered
sc.pp.reducedMnn(adata, batchKey = "batch")
sc.pl.mnn(adata, basis = "umap", color = "batch", unsKey = "reduced_mnn")
