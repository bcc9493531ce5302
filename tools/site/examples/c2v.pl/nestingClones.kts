// data: barcoded
c2v.pl.nestingClones(adata, "well", "clone")
