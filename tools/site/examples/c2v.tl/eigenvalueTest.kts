// data: barcoded
c2v.tl.eigenvalueTest(adata, "X_pca", nSimulations = 10)
adata
