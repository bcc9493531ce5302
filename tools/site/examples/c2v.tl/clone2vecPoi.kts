// data: clones
c2v.tl.clone2vecPoi(adata, zDim = 5)
adata
