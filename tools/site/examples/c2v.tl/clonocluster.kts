// data: barcoded
c2v.utils.connectClones(adata, groupby = "clone")
c2v.tl.clonocluster(adata)
adata
