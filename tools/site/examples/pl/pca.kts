// data: clustered
sc.pl.pca(adata, color = "cell_type", annotateVarExplained = true)
