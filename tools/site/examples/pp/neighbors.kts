// data: components
sc.pp.neighbors(adata, nNeighbors = 15, useRep = "X_pca")
adata
