// data: clustered
sc.tl.dendrogram(adata, "leiden")
sc.pl.correlationMatrix(adata, "leiden")
