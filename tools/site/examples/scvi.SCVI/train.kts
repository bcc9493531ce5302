// data: counts
scvi.SCVI.setupAnndata(adata, layer = "counts", batchKey = "batch")
val model = scvi.SCVI(adata, nLatent = 5, nHidden = 32)
model.train(maxEpochs = 10)
model
