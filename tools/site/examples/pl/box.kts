// data: clustered
sc.pp.calculateQcMetrics(adata, layer = "counts", percentTop = null)
sc.pl.box(adata, x = "cell_type", y = "total_counts", hue = "batch")
