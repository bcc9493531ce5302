// data: clustered
sc.pp.reducedMnn(adata, batchKey = "batch")
sc.get.mnnDf(adata, keys = "cell_type").head()
