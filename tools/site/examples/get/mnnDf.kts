// data: logarithms
sc.pp.fastMnn(adata, batchKey = "batch", d = 15)
sc.get.mnnDf(adata, keys = adata.varNames[0]).head()
