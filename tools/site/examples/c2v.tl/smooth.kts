// data: barcoded
c2v.tl.smooth(adata, nSteps = 2)
adata
