// data: clustered
sc.pp.calculateQcMetrics(adata, layer = "counts", percentTop = null)
sc.pl.jointplot(adata, x = "total_counts", y = "n_genes_by_counts")
