// data: counts
scvi.SCANVI.setupAnndata(adata, layer = "counts", batchKey = "batch", labelsKey = "cell_type", unlabeledCategory = "Unknown")
adata
