// data: counts
adata.vars["mt"] = BooleanArray(adata.nVars) { it < 13 }       // as varNames.str.startsWith("MT-") would say
sc.pp.calculateQcMetrics(adata, qcVars = "mt", percentTop = listOf(50))
adata.obs[listOf("n_genes_by_counts", "total_counts", "pct_counts_mt", "pct_counts_in_top_50_genes")].head()
