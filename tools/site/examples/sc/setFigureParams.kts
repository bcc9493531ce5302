// data: clustered
sc.setFigureParams(dpi = 80, frameon = false)
sc.pl.umap(adata, color = "leiden")
