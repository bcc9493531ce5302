// data: clones
c2v.tl.findMnn(adata, batchKey = "gex_well", useRep = "clone2vec", k = 5)
adata
