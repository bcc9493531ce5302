// data: barcoded
c2v.utils.impute(adata, obsName = "clone")
adata
