// data: barcoded
c2v.tl.clonocluster(adata)
adata
