// data: counts
scvi.JointEmbeddingSCVI.setupAnndata(adata, layer = "counts", batchKey = "batch")
scvi.JointEmbeddingSCVI(adata, nLatent = 5, nHidden = 32)
