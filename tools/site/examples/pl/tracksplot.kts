// data: clustered
sc.pl.tracksplot(adata, adata.varNames.take(5), groupby = "cell_type")
