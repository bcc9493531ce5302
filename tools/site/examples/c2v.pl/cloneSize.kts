// data: clones
c2v.pl.cloneSize(adata)
