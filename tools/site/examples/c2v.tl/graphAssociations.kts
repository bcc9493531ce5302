// data: barcoded
c2v.tl.graphAssociations(adata, nPcs = 5)
adata
