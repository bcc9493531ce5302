// data: barcoded
c2v.utils.connectClones(adata, groupby = "clone")
adata
