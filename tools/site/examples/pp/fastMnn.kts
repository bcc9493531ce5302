// data: logarithms
sc.pp.fastMnn(adata, batchKey = "batch", d = 15)
adata
