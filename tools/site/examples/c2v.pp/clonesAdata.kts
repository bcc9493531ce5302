// data: barcoded
c2v.pp.clonesAdata(adata, obsName = "clone", fillObs = "fate")
