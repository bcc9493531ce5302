// data: counts
scvi.SCVI.setupAnndata(adata, layer = "counts", batchKey = "batch")
adata
