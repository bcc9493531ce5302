// data: clustered
sc.pl.grid(sc.pl.umap(adata, color = "leiden"), sc.pl.dotplot(adata, adata.varNames.take(4), "leiden"), labels = true)
