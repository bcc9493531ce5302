// data: components
sc.external.pp.bbknn(adata, batchKey = "batch")
adata
