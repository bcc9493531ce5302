// data: logarithms
sc.pp.multiBatchPca(adata, batchKey = "batch", d = 15)
adata
