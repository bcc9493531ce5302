// data: barcoded
c2v.pl.groupScatter(adata, "fate")
