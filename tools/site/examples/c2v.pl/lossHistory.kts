// data: clones
c2v.pl.lossHistory(adata)
