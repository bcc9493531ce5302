// data: clustered
sc.pl.clustermap(adata[0 until 100, adata.varNames.take(20)].copy(), obsKeys = "cell_type")
