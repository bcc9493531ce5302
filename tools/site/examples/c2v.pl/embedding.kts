// data: barcoded
c2v.pl.embedding(adata, color = "fate")
