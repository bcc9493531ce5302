// data: clustered
sc.pp.calculateQcMetrics(adata, layer = "counts", percentTop = null)
sc.pl.bar(adata, x = "cell_type", y = "n_genes_by_counts", hue = "batch")
