// data: counts
scvi.LinearSCVI.setupAnndata(adata, layer = "counts", batchKey = "batch")
val model = scvi.LinearSCVI(adata, nLatent = 5, nHidden = 32)
model.train(maxEpochs = 10)
model
