// data: clustered
sc.metrics.neighborPurity(adata, "cell_type").head()
