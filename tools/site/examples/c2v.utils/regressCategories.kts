// data: barcoded
c2v.utils.regressCategories(adata, "well")
adata
