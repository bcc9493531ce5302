// data: clustered
sc.pp.bbknn(adata, batchKey = "batch")
sc.tl.umap(adata)
sc.pl.umap(adata, color = listOf("batch", "cell_type"))
