// data: counts
sc.pp.scrubletSimulateDoublets(adata, simDoubletRatio = 2)
