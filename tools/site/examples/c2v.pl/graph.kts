// data: clones
c2v.pl.graph(adata)
