// data: clustered
sc.metrics.principalComponentRegression(adata, "batch")
