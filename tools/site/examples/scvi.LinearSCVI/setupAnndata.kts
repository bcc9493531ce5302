// data: counts
scvi.LinearSCVI.setupAnndata(adata, layer = "counts", batchKey = "batch")
adata
