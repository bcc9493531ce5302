// data: logarithms
sc.pp.ridgeRegression(adata, batchKey = "batch", confounderKey = "cell_type")
adata
