// data: barcoded
val clones = c2v.pp.clonesAdata(adata, obsName = "clone")
c2v.tl.clonalNn(adata, clones)
c2v.tl.clone2vec(clones, zDim = 5)
sc.pp.neighbors(clones, useRep = "clone2vec", nNeighbors = 10)
sc.tl.umap(clones)
val linked = c2v.pl.clones2cells(adata, clones, cellsColor = "fate")
java.io.File("linked.html").writeText(linked.toHtml())
