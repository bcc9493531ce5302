// data: barcoded
c2v.utils.gs(adata, n = 200)
adata.obs["gs"].valueCounts()
