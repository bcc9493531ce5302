// data: clones
c2v.tl.associations(adata, "clone2vec")
adata
