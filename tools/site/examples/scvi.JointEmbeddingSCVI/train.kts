// data: counts
scvi.JointEmbeddingSCVI.setupAnndata(adata, layer = "counts", batchKey = "batch")
val model = scvi.JointEmbeddingSCVI(adata, nLatent = 5, nHidden = 32)
model.train(maxEpochs = 10)
model
