// data: counts
scvi.SCVI.setupAnndata(adata, layer = "counts", batchKey = "batch")
val model = scvi.SCVI(adata, nLatent = 5, nHidden = 32)
model.train(maxEpochs = 5)
val (mean, variance) = model.getLatentDistribution()
adata.obsm["X_latent_qzm"] = mean
adata.obsm["X_latent_qzv"] = variance
model.minifyAdata()
