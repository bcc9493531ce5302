// data: barcoded
c2v.pl.pcaLoadings(adata, key = "PCs", comp = 0)
