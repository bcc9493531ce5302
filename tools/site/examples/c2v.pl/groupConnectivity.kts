// data: barcoded
c2v.tl.groupConnectivity(adata, "fate")
c2v.pl.groupConnectivity(adata)
