// data: counts
sc.pp.quickCluster(adata, minSize = 50)
adata.obs["quick_cluster"].valueCounts()
