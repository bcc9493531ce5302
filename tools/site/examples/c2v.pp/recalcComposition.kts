// data: barcoded
val clones = c2v.pp.clonesAdata(adata, obsName = "clone")
c2v.pp.recalcComposition(adata, clones, fillObs = "fate")
