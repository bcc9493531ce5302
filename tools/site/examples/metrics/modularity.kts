// data: clustered
sc.metrics.modularity(adata, labels = "leiden")
