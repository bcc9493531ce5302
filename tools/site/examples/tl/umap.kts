// data: clustered
sc.tl.umap(adata, minDist = 0.3)
sc.pl.umap(adata, color = "cell_type")
