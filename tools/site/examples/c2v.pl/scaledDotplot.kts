// data: barcoded
c2v.pl.scaledDotplot(adata, "fate", adata.varNames.take(6))
