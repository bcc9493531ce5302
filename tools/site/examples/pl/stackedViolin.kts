// data: clustered
sc.pl.stackedViolin(adata, adata.varNames.take(6), groupby = "cell_type")
