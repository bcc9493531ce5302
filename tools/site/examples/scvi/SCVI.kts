// data: counts
scvi.SCVI.setupAnndata(adata, layer = "counts", batchKey = "batch")
scvi.SCVI(adata, nLatent = 5, nHidden = 32)
