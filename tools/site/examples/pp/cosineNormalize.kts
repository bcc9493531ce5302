// data: logarithms
sc.pp.cosineNormalize(adata)
adata
