// data: counts
sc.pp.scaleNotCenter(adata, batchKey = "batch")
adata
