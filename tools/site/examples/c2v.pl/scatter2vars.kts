// data: barcoded
c2v.pl.scatter2vars(adata, adata.varNames[0], adata.varNames[1])
