// data: clustered
sc.pl.violin(adata, adata.varNames.take(2), groupby = "cell_type")
