// data: clustered
sc.pl.heatmap(adata, adata.varNames.take(8), groupby = "cell_type", swapAxes = true)
