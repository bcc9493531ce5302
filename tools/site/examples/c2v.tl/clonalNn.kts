// data: barcoded
val clones = c2v.pp.clonesAdata(adata, obsName = "clone")
c2v.tl.clonalNn(adata, clones, k = 15)
clones
