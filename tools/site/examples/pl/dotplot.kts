// data: clustered
val markers = mapOf("first" to adata.varNames.take(3), "second" to adata.varNames.drop(10).take(3))
sc.pl.dotplot(adata, markers, groupby = "cell_type")
