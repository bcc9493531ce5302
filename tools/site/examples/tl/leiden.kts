// data: clustered
sc.tl.leiden(adata, resolution = 0.5)
sc.pl.umap(adata, color = "leiden", legendLoc = "on data")
