// data: clustered
sc.pp.calculateQcMetrics(adata, layer = "counts", percentTop = listOf(50))
sc.pl.pairs(adata, vars = listOf("total_counts", "n_genes_by_counts", "pct_counts_in_top_50_genes"), hue = "batch")
