// data: counts
scvi.LinearSCVI.setupAnndata(adata, layer = "counts", batchKey = "batch")
val model = scvi.LinearSCVI(adata, nLatent = 5, nHidden = 32, useObservedLibSize = true)
model.train(maxEpochs = 5)
val (mean, variance) = model.getLatentDistribution()
adata.obsm["X_latent_qzm"] = mean
adata.obsm["X_latent_qzv"] = variance
model.minifyAdata()
