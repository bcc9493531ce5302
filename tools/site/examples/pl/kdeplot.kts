// data: clustered
sc.pp.calculateQcMetrics(adata, layer = "counts", percentTop = null)
sc.pl.kdeplot(adata, x = "total_counts", hue = "batch", fill = true)
