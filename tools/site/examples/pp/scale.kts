// data: logarithms
sc.pp.scale(adata, maxValue = 10)
adata.vars[listOf("mean", "std")].head(3)
