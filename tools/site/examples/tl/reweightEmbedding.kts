// data: mosaic
sc.tl.stabmap(mdata, nComps = 10)
sc.tl.reweightEmbedding(mdata, keyAdded = "X_stabmap_even")
mdata
