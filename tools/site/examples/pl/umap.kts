// data: clustered
sc.pl.umap(adata, color = listOf("batch", "leiden"))
