// data: counts
sc.pp.multiBatchNormalize(adata, batchKey = "batch")
adata
