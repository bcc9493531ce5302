// data: barcoded
c2v.tl.groupConnectivity(adata, "fate")
c2v.utils.getConnectivityMatrix(adata)
