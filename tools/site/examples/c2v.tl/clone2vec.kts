// data: clones
c2v.tl.clone2vec(adata, zDim = 5)
sc.pp.neighbors(adata, useRep = "clone2vec", nNeighbors = 10)
sc.tl.umap(adata)
sc.pl.umap(adata, color = "n_cells")
