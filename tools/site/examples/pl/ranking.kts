// data: clustered
sc.pl.ranking(adata, attr = "varm", keys = "PCs", indices = listOf(0, 1))
