// data: clustered
sc.pp.integrate(adata, method = "fastmnn", batchKey = "batch")
adata
