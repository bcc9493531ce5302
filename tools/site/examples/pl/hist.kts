// data: clustered
sc.pp.calculateQcMetrics(adata, layer = "counts", percentTop = null)
sc.pl.hist(adata, x = "total_counts", hue = "batch", bins = 30)
