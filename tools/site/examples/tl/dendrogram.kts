// data: clustered
sc.tl.dendrogram(adata, groupby = "leiden")
sc.pl.dendrogram(adata, "leiden")
