// data: clustered
val markers = sc.get.rankGenesGroupsDf(adata, group = "type_0")["names"].texts().filterNotNull().take(10)
sc.tl.scoreGenes(adata, markers, scoreName = "type_0_score")
sc.pl.umap(adata, color = listOf("type_0_score", "cell_type"))
