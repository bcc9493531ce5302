// data: clustered
sc.metrics.ari(adata, "leiden", "cell_type")
