// data: clustered
sc.pp.harmonyIntegrate(adata, key = "batch")
sc.pp.neighbors(adata, useRep = "X_pca_harmony")
sc.tl.umap(adata)
sc.pl.umap(adata, color = listOf("batch", "cell_type"))
