// data: clustered
sc.tl.dendrogram(adata, "leiden")
sc.pl.dendrogram(adata, "leiden")
