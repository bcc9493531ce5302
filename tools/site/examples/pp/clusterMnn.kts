// data: clustered
sc.pp.clusterMnn(adata, batchKey = "batch", clusterKey = "cell_type")
adata
