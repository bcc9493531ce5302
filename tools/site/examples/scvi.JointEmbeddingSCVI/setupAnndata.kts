// data: counts
scvi.JointEmbeddingSCVI.setupAnndata(adata, layer = "counts", batchKey = "batch")
adata
