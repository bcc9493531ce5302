// data: mosaic
sc.tl.stabmap(mdata, nComps = 10)
sc.tl.imputeEmbedding(mdata, "adt")
