// data: barcoded
c2v.pl.groupKde(adata, "fate")
