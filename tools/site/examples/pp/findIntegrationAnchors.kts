// data: features
sc.pp.findIntegrationAnchors(adata, batchKey = "batch", dims = 15)
adata
