// data: barcoded
c2v.utils.laplacianEigenmaps(adata, nComponents = 5)
adata
