// data: counts
scvi.SCANVI.setupAnndata(adata, layer = "counts", batchKey = "batch", labelsKey = "cell_type", unlabeledCategory = "Unknown")
scvi.SCANVI(adata, nLatent = 5, nHidden = 32)
